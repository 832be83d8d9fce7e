import type { Frame } from "../read-content.ts";

/** A frame's act, tags and speakers: with its text, enough for a writer to find it. */
export function whereIs({ act, who, stance, form, modes }: Frame): string {
  return [who?.join("+"), act, form, stance, modes.join("+")].filter(Boolean).join(" ");
}
