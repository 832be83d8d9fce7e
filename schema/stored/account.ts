import * as z from "zod";

/** What an operator decided about one account's money; `id` is the account. Money is whole nano-dollars. */
export const StoredAccount = z.object({
  id: z.string(),
  /** Takes the place of what accounts of its kind may spend in a month. */
  monthlyNanoUsd: z.optional(z.number()),
  /** All that was ever paid in. */
  prepaidNanoUsd: z.number(),
  isSuspended: z.boolean(),
  updatedAtMs: z.number(),
});
export type StoredAccount = z.infer<typeof StoredAccount>;
