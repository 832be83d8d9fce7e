import * as fc from "fast-check";
import type { Collection, Page } from "../collection.ts";
import type { Model } from "./model.ts";
import {
  type ItemIndex,
  randomChange,
  randomCondition,
  randomId,
  randomItem,
  randomQuery,
} from "./random-values.ts";
import type { Item } from "./sample-collections.ts";

type Items = Collection<Item, ItemIndex>;
type ItemModel = Model<Item, ItemIndex>;

/** One step of a history: the same call on the engine and on the model. */
interface Step {
  readonly label: string;
  run(engine: Items): unknown;
  expect(model: ItemModel): unknown;
}

const limits = fc.integer({ min: 1, max: 4 });
const groupings = fc.subarray(["group", "open", "email"] as const);
const summed = ["count", "dueMs"] as const;

/** A step whose call is spelt alike on both sides. */
function call<A extends readonly unknown[]>(
  name: string,
  args: fc.Arbitrary<A>,
  run: (engine: Items, ...args: A) => unknown,
  expect: (model: ItemModel, ...args: A) => unknown,
): fc.Arbitrary<Step> {
  return args.map((given) => ({
    label: `${name} ${JSON.stringify(given)}`,
    run: (engine) => run(engine, ...given),
    expect: (model) => expect(model, ...given),
    [fc.toStringMethod]: () => `${name} ${JSON.stringify(given)}`,
  }));
}

const writes: fc.Arbitrary<Step>[] = [
  call(
    "insert",
    fc.tuple(randomItem),
    (engine, record) => engine.insert(record),
    (model, record) => model.insert(record),
  ),
  call(
    "insertMany",
    fc.tuple(fc.array(randomItem, { maxLength: 5 })),
    (engine, records) => engine.insertMany(records),
    (model, records) => model.insertMany(records),
  ),
  call(
    "patch",
    fc.tuple(randomId, randomChange, randomCondition),
    (engine, ...args) => engine.patch(...args),
    (model, ...args) => model.patch(...args),
  ),
  call(
    "upsert",
    fc.tuple(randomItem, randomChange),
    (engine, record, change) => engine.upsert("bySlug", record, change),
    (model, record, change) => model.upsert("bySlug", record, change),
  ),
  call(
    "claim",
    fc.tuple(randomQuery, randomChange, randomCondition),
    (engine, ...args) => engine.claim(...args),
    (model, ...args) => model.claim(...args),
  ),
  call(
    "delete",
    fc.tuple(randomId, randomCondition),
    (engine, ...args) => engine.delete(...args),
    (model, ...args) => model.delete(...args),
  ),
];

const clearing = call(
  "deleteWhere",
  fc.tuple(randomQuery),
  (engine, query) => engine.deleteWhere(query),
  (model, query) => model.deleteWhere(query),
);

const reads: fc.Arbitrary<Step>[] = [
  call(
    "find, page by page,",
    fc.tuple(randomQuery, limits),
    (engine, query, limit) => pageThrough((options) => engine.find(query, options), limit),
    (model, query) => model.find(query),
  ),
  call(
    "findFields, page by page,",
    fc.tuple(randomQuery, limits),
    (engine, query, limit) =>
      pageThrough((options) => engine.findFields(query, ["note", "email"], options), limit),
    (model, query) =>
      model
        .find(query)
        .map(({ id, note, email }) => ({ id, note, ...(email === undefined ? {} : { email }) })),
  ),
  call(
    "iterate",
    fc.tuple(randomQuery),
    (engine, query) => Array.fromAsync(engine.iterate(query)),
    (model, query) => model.find(query),
  ),
  call(
    "getMany",
    fc.tuple(fc.uniqueArray(randomId, { maxLength: 4 })),
    (engine, ids) => engine.getMany(ids),
    (model, ids) => model.getMany(ids),
  ),
  call(
    "getBy",
    fc.tuple(fc.constantFrom("1", "2", "3")),
    (engine, email) => engine.getBy("byEmail", { email }),
    (model, email) => model.getBy("byEmail", { email }),
  ),
  call(
    "count",
    fc.tuple(randomQuery),
    (engine, query) => engine.count(query),
    (model, query) => model.count(query),
  ),
  call(
    "sum",
    fc.tuple(randomQuery, groupings),
    async (engine, query, by) => inOrder(await engine.sum(query, by, summed)),
    (model, query, by) => inOrder(model.sum(query, by, summed)),
  ),
];

/** Two writes to a read, and seldom a deletion of many, so that histories have something to find. */
export const randomStep: fc.Arbitrary<Step> = fc.oneof(
  { weight: 10, arbitrary: fc.oneof(...writes) },
  { weight: 1, arbitrary: clearing },
  { weight: 5, arbitrary: fc.oneof(...reads) },
);

/** All records of a query, read in pages. */
export async function pageThrough<T>(
  read: (options: { limit: number; after?: string }) => Promise<Page<T>>,
  limit: number,
): Promise<T[]> {
  const found: T[] = [];
  let after: string | undefined;
  do {
    const page = await read(after === undefined ? { limit } : { limit, after });
    found.push(...page.items);
    after = page.nextCursor;
  } while (after !== undefined);
  return found;
}

function inOrder(groups: readonly { readonly key: object }[]): unknown[] {
  const named = groups.map((group) => [JSON.stringify(group.key), group] as const);
  return named.sort(([left], [right]) => (left < right ? -1 : 1)).map(([, group]) => group);
}
