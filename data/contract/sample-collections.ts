import * as z from "zod";
import { defineCollection } from "../define-collection.ts";

/** One collection with every kind of index; the property tests play on it. */
const Item = z.object({
  id: z.string(),
  group: z.string(),
  rank: z.number(),
  slug: z.string(),
  email: z.optional(z.string()),
  dueMs: z.optional(z.number()),
  open: z.boolean(),
  tags: z.array(z.string()),
  count: z.number(),
  log: z.array(z.number()),
  note: z.nullable(z.string()),
  extra: z.optional(z.record(z.string(), z.unknown())),
});
export type Item = z.infer<typeof Item>;

export const items = defineCollection({
  name: "contractItems",
  version: 1,
  record: Item,
  indexes: {
    byGroup: { fields: ["group", "rank"] },
    bySlug: { fields: ["slug"], unique: true },
    byEmail: { fields: ["email"], unique: true, sparse: true },
    byDue: { fields: ["group", "dueMs"], sparse: true },
    openByRank: { fields: ["rank"], where: { open: true } },
    byTag: { fields: ["tags"] },
  },
});

const Job = z.object({
  id: z.string(),
  state: z.enum(["waiting", "running", "done"]),
  dueMs: z.number(),
  attempts: z.number(),
  worker: z.optional(z.string()),
});
export type Job = z.infer<typeof Job>;

export const jobs = defineCollection({
  name: "contractJobs",
  version: 1,
  record: Job,
  indexes: { byState: { fields: ["state", "dueMs"] } },
});

const Tally = z.object({
  id: z.string(),
  userId: z.string(),
  month: z.string(),
  cost: z.number(),
  calls: z.number(),
});
export type Tally = z.infer<typeof Tally>;

export const tallies = defineCollection({
  name: "contractTallies",
  version: 1,
  record: Tally,
  indexes: {
    byUserMonth: { fields: ["userId", "month"], unique: true },
    byMonth: { fields: ["month", "userId"] },
  },
});

const Note = z.object({
  id: z.string(),
  ownerId: z.string(),
  atMs: z.number(),
  text: z.string(),
  title: z.string(),
  source: z.optional(z.string()),
  mood: z.optional(z.object({ name: z.string(), strength: z.number() })),
});
export type Note = z.infer<typeof Note>;

export const notes = defineCollection({
  name: "contractNotes",
  version: 1,
  record: Note,
  indexes: {
    byOwner: { fields: ["ownerId", "atMs"] },
    bySource: { fields: ["ownerId", "source"], unique: true, sparse: true },
  },
  sealed: {
    owner: "ownerId",
    fields: ["text", "title", "mood"],
    words: { text: "owner", title: "store" },
  },
});
