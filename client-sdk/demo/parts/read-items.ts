import type { ListPage } from "#schema/api.ts";

/** The most the server hands over at once. */
const LARGEST_PAGE = 200;

/** The first `wanted` items of a list that is read page by page, and whether there are more. */
export async function readItems<T>(
  readPage: (query: { limit: number; cursor: string | undefined }) => Promise<ListPage<T>>,
  wanted: number,
): Promise<{ items: T[]; more: boolean }> {
  const items: T[] = [];
  let cursor: string | undefined;
  do {
    const page = await readPage({ limit: Math.min(LARGEST_PAGE, wanted - items.length), cursor });
    items.push(...page.items);
    cursor = page.nextCursor;
  } while (cursor !== undefined && items.length < wanted);
  return { items, more: cursor !== undefined };
}
