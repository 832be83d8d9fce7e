import { expect, test } from "vitest";
import { askAhead } from "./ask-ahead.ts";

async function all<Item, Answer>(pairs: AsyncIterable<readonly [Item, Answer]>) {
  const found: (readonly [Item, Answer])[] = [];
  for await (const pair of pairs) found.push(pair);
  return found;
}

test("answers come in the items' order, each once, also where fewer are asked for than may be", async () => {
  for (const count of [0, 1, 3, 20]) {
    const items = Array.from({ length: count }, (_, at) => at);
    const found = await all(askAhead(items, 4, async (item) => await Promise.resolve(item * 2)));
    expect(found).toEqual(items.map((item) => [item, item * 2]));
  }
});

test("of one at a time the next is asked for when the one before has been used", async () => {
  const log: string[] = [];
  const ask = async (item: number) => {
    log.push(`ask ${item}`);
    return await Promise.resolve(item);
  };
  for await (const [item] of askAhead([1, 2, 3], 1, ask)) log.push(`use ${item}`);
  expect(log).toEqual(["ask 1", "use 1", "ask 2", "use 2", "ask 3", "use 3"]);
});

test("the one in use counts as under way, and whoever leaves asks for no more", async () => {
  const asked: number[] = [];
  const ask = async (item: number) => {
    asked.push(item);
    return await Promise.resolve(item);
  };
  for await (const [item] of askAhead([1, 2, 3, 4, 5, 6], 3, ask)) {
    expect(asked.length).toBe(item + 2);
    if (item === 2) break;
  }
  expect(asked).toEqual([1, 2, 3, 4]);
});
