/** Runs `each` over all items, `width` at a time; results come in the items' order. The first failure rejects. */
export async function inParallel<Item, Result>(
  items: readonly Item[],
  width: number,
  each: (item: Item, index: number) => Promise<Result>,
): Promise<Result[]> {
  const results: Result[] = [];
  let next = 0;
  async function work(): Promise<void> {
    while (next < items.length) {
      const index = next++;
      results[index] = await each(items[index] as Item, index);
    }
  }
  await Promise.all(Array.from({ length: Math.min(width, items.length) }, work));
  return results;
}
