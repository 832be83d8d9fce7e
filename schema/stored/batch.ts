import * as z from "zod";

/** The account of one hour's generation; `id` is the hour ("2026-11-21T07"). */
export const StoredBatch = z.object({
  id: z.string(),
  hourStartMs: z.number(),
  wanted: z.number(),
  written: z.number(),
  failed: z.number(),
  updatedAtMs: z.number(),
});
export type StoredBatch = z.infer<typeof StoredBatch>;
