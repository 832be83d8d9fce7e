import type { Item, Job, Note, Tally } from "./sample-collections.ts";

/** Small valid records of the sample collections; every unique key follows the id unless given. */
export function item(id: string, fields: Partial<Item> = {}): Item {
  return {
    id,
    group: "g",
    rank: 0,
    slug: id,
    open: true,
    tags: [],
    count: 0,
    log: [],
    note: null,
    ...fields,
  };
}

export function job(id: string, fields: Partial<Job> = {}): Job {
  return { id, state: "waiting", dueMs: 0, attempts: 0, ...fields };
}

export function tally(id: string, fields: Partial<Tally> = {}): Tally {
  return { id, userId: id, month: "2026-01", cost: 0, calls: 0, ...fields };
}

export function note(id: string, fields: Partial<Note> = {}): Note {
  return { id, ownerId: "ann", atMs: 0, text: "", title: "", ...fields };
}
