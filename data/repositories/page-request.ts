import type { FindOptions } from "../collection.ts";

/** Which part of a list is wanted; `cursor` is the `nextCursor` of the page before. */
export interface PageRequest {
  readonly limit: number;
  readonly cursor?: string | undefined;
}

export function toFindOptions({ limit, cursor }: PageRequest): FindOptions {
  return cursor === undefined ? { limit } : { limit, after: cursor };
}
