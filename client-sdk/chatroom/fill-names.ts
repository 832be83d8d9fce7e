const SLOT = /\{slot:(\d+)\}/g;

/** Puts names in the place of `{slot:N}`; a slot nobody plays reads as `unknown`. */
export function fillNames(
  text: string,
  nameOf: (slot: number) => string | undefined,
  unknown = "someone",
): string {
  return text.replace(SLOT, (_match, slot: string) => nameOf(Number(slot)) ?? unknown);
}
