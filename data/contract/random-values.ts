import * as fc from "fast-check";
import type { Change, Condition, Query } from "../collection.ts";
import type { items, Item } from "./sample-collections.ts";

export type ItemIndex = keyof typeof items.indexes;
type ItemQuery = Query<Item, ItemIndex>;

// Few values, so that keys collide; and such as the two engines could order or store differently.
const texts = fc.constantFrom("", "a", "B", "b", "é", "z\u0000", "\uff5e", "😀");
const emails = fc.constantFrom("1", "2", "3");
const ranks = fc.constantFrom(-1.5, -1, 0, 0.5, 1, 2);
const tags = fc.constantFrom("x", "y", "z");
const counts = fc.integer({ min: -3, max: 9 });
const groups = fc.constantFrom("g", "h");
const numbers = fc.array(counts, { maxLength: 3 });
const tagLists = fc.array(tags, { maxLength: 3 });

export const randomId = fc.constantFrom("a", "b", "c", "d", "e", "é", "\uff5e", "😀");

export const randomItem = fc.record(
  {
    id: randomId,
    group: groups,
    rank: ranks,
    slug: texts,
    email: emails,
    dueMs: counts,
    open: fc.boolean(),
    tags: tagLists,
    count: counts,
    log: numbers,
    note: fc.option(texts),
  },
  { requiredKeys: ["id", "group", "rank", "slug", "open", "tags", "count", "log", "note"] },
) as fc.Arbitrary<Item>;

/** One operator on one field, as the change that has nothing else. */
type Edit = { readonly [O in keyof Change<Item>]?: object };
const on = (operator: keyof Change<Item>, field: string, values: fc.Arbitrary<unknown>): fc.Arbitrary<Edit> =>
  values.map((value) => ({ [operator]: { [field]: value } }));
const unset = (field: string): fc.Arbitrary<Edit> => fc.constant({ unset: [field] });
const perhaps = (...edits: fc.Arbitrary<Edit>[]): fc.Arbitrary<Edit> => fc.oneof(fc.constant({}), ...edits);
const pushes = fc.record({ values: numbers, cap: fc.integer({ min: 1, max: 4 }) });

/** Each field appears under one operator at most. */
export const randomChange: fc.Arbitrary<Change<Item>> = fc
  .tuple(
    perhaps(on("set", "group", groups)),
    perhaps(on("set", "rank", ranks), on("increment", "rank", ranks)),
    perhaps(on("set", "slug", texts)),
    perhaps(on("set", "email", emails), unset("email")),
    perhaps(
      on("set", "dueMs", counts),
      unset("dueMs"),
      on("increment", "dueMs", counts),
      on("max", "dueMs", counts),
    ),
    perhaps(on("set", "open", fc.boolean())),
    perhaps(on("set", "tags", tagLists), on("addToSet", "tags", tags)),
    perhaps(on("set", "count", counts), on("increment", "count", counts), on("max", "count", counts)),
    perhaps(on("set", "log", numbers), on("push", "log", pushes)),
    perhaps(on("set", "note", fc.option(texts))),
  )
  .map((edits) => edits.reduce(merge, {}) as Change<Item>);

function merge(left: Edit, right: Edit): Edit {
  const merged: { [operator: string]: object } = { ...left };
  for (const [operator, fields] of Object.entries(right)) {
    const before = merged[operator];
    merged[operator] = Array.isArray(fields)
      ? [...((before as []) ?? []), ...fields]
      : { ...before, ...fields };
  }
  return merged;
}

function randomBounds<T>(values: fc.Arbitrary<T>): fc.Arbitrary<object> {
  return fc.oneof(
    fc.record({ gt: values }),
    fc.record({ gte: values }),
    fc.record({ lt: values }),
    fc.record({ lte: values }),
    fc.record({ gte: values, lt: values }),
    fc.record({ gt: values, lte: values }),
  );
}

export const randomCondition: fc.Arbitrary<Condition<Item> | undefined> = fc.option(
  fc.record(
    {
      open: fc.boolean(),
      email: emails,
      count: fc.oneof(counts, randomBounds(counts)),
      dueMs: fc.oneof(counts, randomBounds(counts)),
    },
    { requiredKeys: [] },
  ) as fc.Arbitrary<Condition<Item>>,
  { nil: undefined },
);

/** A query of one index: equality on a prefix of any length, and perhaps a range on the next field. */
function queriesOf(
  index: ItemIndex,
  fields: { [field: string]: fc.Arbitrary<string | number> },
): fc.Arbitrary<ItemQuery> {
  const all = Object.entries(fields);
  const byLength = [...all.keys(), all.length].map((length) => {
    const next = all[length]?.[1];
    return fc.record(
      {
        index: fc.constant(index),
        equals: fc.record(Object.fromEntries(all.slice(0, length))),
        reverse: fc.boolean(),
        ...(next && { range: randomBounds(next) }),
      },
      { requiredKeys: ["index", "equals"] },
    );
  });
  return fc.oneof(...byLength) as fc.Arbitrary<ItemQuery>;
}

export const randomQuery: fc.Arbitrary<ItemQuery> = fc.oneof(
  queriesOf("byGroup", { group: groups, rank: ranks }),
  queriesOf("bySlug", { slug: texts }),
  queriesOf("byEmail", { email: emails }),
  queriesOf("byDue", { group: groups, dueMs: counts }),
  queriesOf("openByRank", { rank: ranks }),
  fc.record({
    index: fc.constant("byTag" as const),
    equals: fc.record({ tags }),
    reverse: fc.boolean(),
  }) as fc.Arbitrary<ItemQuery>,
);
