import { expect, it } from "vitest";
import { readItems } from "./read-items.ts";

/** A list of so many numbers, paged as the server does. */
function listOf(total: number) {
  const limits: number[] = [];
  const readPage = ({ limit, cursor }: { limit: number; cursor: string | undefined }) => {
    limits.push(limit);
    const from = Number(cursor ?? 0);
    const end = Math.min(total, from + limit);
    const items = Array.from({ length: end - from }, (_, index) => from + index);
    return Promise.resolve({ items, ...(end < total && { nextCursor: String(end) }) });
  };
  return { readPage, limits };
}

it("reads pages until it has as many as wanted, and tells that there are more", async () => {
  const { readPage, limits } = listOf(1000);
  const { items, more } = await readItems(readPage, 450);
  expect([items.length, items.at(-1), more, limits]).toEqual([450, 449, true, [200, 200, 50]]);
});

it("a list that ends before is read to its end", async () => {
  const { items, more } = await readItems(listOf(230).readPage, 300);
  expect([items.length, more]).toEqual([230, false]);
});
