import { setImmediate as nextTurn } from "node:timers/promises";

/**
 * The answers in the order of the items, while up to `most` are under way, the one in use included: nobody waits for a
 * slow answer longer than it takes, and what is done with them does not depend on which came first. `ask` must not
 * reject, as an answer may come long before it is looked at. Gives way to everything else before each asking.
 * Whoever leaves early ends what is under way.
 */
export async function* askAhead<Item, Answer>(
  items: Iterable<Item>,
  most: number,
  ask: (item: Item) => Promise<Answer>,
): AsyncGenerator<readonly [Item, Answer]> {
  const underWay: { readonly item: Item; readonly answer: Promise<Answer> }[] = [];
  for (const item of items) {
    await nextTurn();
    underWay.push({ item, answer: ask(item) });
    const first = underWay.length >= most ? underWay.shift() : undefined;
    if (first) yield [first.item, await first.answer];
  }
  for (const { item, answer } of underWay) yield [item, await answer];
}
