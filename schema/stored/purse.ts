import * as z from "zod";

/**
 * A counter of what was taken out of a limit and not given back, in whole nano-dollars. `id` says what it counts:
 * "month:<account>:2026-11", "prepaid:<account>" or "conversation:<id>".
 */
export const StoredPurse = z.object({
  id: z.string(),
  kind: z.enum(["month", "prepaid", "conversation"]),
  /** Missing for a conversation's, which several may pay for. */
  accountId: z.optional(z.string()),
  heldNanoUsd: z.number(),
  touchedAtMs: z.number(),
  /** Whether it was set to what the books say, and nobody took or gave anything since. */
  isSettled: z.boolean(),
  /** When half, four fifths and all of its limit were reached; 0: not yet. */
  reached50AtMs: z.number(),
  reached80AtMs: z.number(),
  reached100AtMs: z.number(),
});
export type StoredPurse = z.infer<typeof StoredPurse>;

/** What a purse counts. */
export type PurseSubject =
  | { readonly kind: "month"; readonly accountId: string; readonly month: string }
  | { readonly kind: "prepaid"; readonly accountId: string }
  | { readonly kind: "conversation"; readonly conversationId: string };

const MONTH_LENGTH = "2026-11".length;

/** What the purse with this id counts. @throws RangeError when it is no purse's id */
export function readPurseId(id: string): PurseSubject {
  const at = id.indexOf(":");
  const kind = id.slice(0, at);
  const rest = id.slice(at + 1);
  if (kind === "prepaid") return { kind, accountId: rest };
  if (kind === "conversation") return { kind, conversationId: rest };
  if (kind !== "month") throw new RangeError("this is no purse's id");
  return { kind, accountId: rest.slice(0, -MONTH_LENGTH - 1), month: rest.slice(-MONTH_LENGTH) };
}
