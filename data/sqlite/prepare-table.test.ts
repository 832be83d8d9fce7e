import * as z from "zod/mini";
import { expect, test } from "vitest";
import type { CollectionDeclaration, Store } from "../collection.ts";
import { createStore } from "../create-store.ts";
import { defineCollection } from "../define-collection.ts";
import { makeTemporaryDirectory } from "../temporary-directory.fixture.ts";
import { openSqliteEngine } from "./open-sqlite.ts";

const Dog = z.object({
  id: z.string(),
  owner: z.string(),
  age: z.number(),
  calm: z.boolean(),
  tricks: z.array(z.string()),
  chip: z.optional(z.string()),
});
type Dog = z.infer<typeof Dog>;

const dog = (n: number): Dog => ({
  id: `d${n}`,
  owner: `o${n % 3}`,
  age: n,
  calm: n % 2 === 0,
  tricks: n % 4 === 0 ? ["sit", "roll"] : ["sit"],
  ...(n < 5 && { chip: `c${n}` }),
});

function dogs<I extends string>(indexes: CollectionDeclaration<Dog, I>["indexes"]) {
  return defineCollection<Dog, I>({ name: "dogs", version: 1, record: Dog, indexes });
}

/** Opens the file's store again and again, as the versions of a program would. */
async function withStore<T>(dataDir: string, use: (store: Store) => Promise<T>): Promise<T> {
  const store = await createStore(await openSqliteEngine({ dataDir }), Buffer.alloc(32, 1));
  try {
    return await use(store);
  } finally {
    await store.close();
  }
}

async function makeTwelveDogs(): Promise<string> {
  const dataDir = makeTemporaryDirectory();
  await withStore(dataDir, async (store) => {
    const collection = await store.collection(dogs({ byAge: { fields: ["age"] } }));
    await collection.insertMany(Array.from({ length: 12 }, (_, n) => dog(n)));
  });
  return dataDir;
}

test("indexes declared later find the records that were there before", async () => {
  const dataDir = await makeTwelveDogs();
  await withStore(dataDir, async (store) => {
    const collection = await store.collection(
      dogs({
        byOwner: { fields: ["owner", "age"] },
        byTrick: { fields: ["tricks"] },
        byChip: { fields: ["chip"], unique: true, sparse: true },
        calmByAge: { fields: ["age"], where: { calm: true } },
      }),
    );
    const ofOwner = { index: "byOwner", equals: { owner: "o1" }, range: { gt: 4 } } as const;
    expect((await collection.find(ofOwner, { limit: 10 })).items.map(({ id }) => id)).toEqual(["d7", "d10"]);
    expect(await collection.count({ index: "byTrick", equals: { tricks: "roll" } })).toBe(3);
    expect(await collection.getBy("byChip", { chip: "c3" })).toEqual(dog(3));
    expect(await collection.count({ index: "byChip" })).toBe(5);
    expect(await collection.count({ index: "calmByAge", range: { lt: 5 } })).toBe(3);
  });
});

test("indexes no longer declared are dropped, and what is declared again is right again", async () => {
  const dataDir = await makeTwelveDogs();
  const full = dogs({ byAge: { fields: ["age"] }, byTrick: { fields: ["tricks"] } });
  await withStore(dataDir, async (store) => await store.collection(full));
  await withStore(dataDir, async (store) => {
    const bare = await store.collection(dogs({}));
    await bare.patch("d1", { set: { age: 50, tricks: ["dance"] } });
  });
  await withStore(dataDir, async (store) => {
    const collection = await store.collection(full);
    expect((await collection.find({ index: "byAge", range: { gt: 11 } }, { limit: 5 })).items).toEqual([
      { ...dog(1), age: 50, tricks: ["dance"] },
    ]);
    expect(await collection.count({ index: "byTrick", equals: { tricks: "sit" } })).toBe(11);
    expect(await collection.count({ index: "byTrick", equals: { tricks: "dance" } })).toBe(1);
  });
});

test("an index declared otherwise under its old name is made anew", async () => {
  const dataDir = await makeTwelveDogs();
  await withStore(dataDir, async (store) => {
    const collection = await store.collection(dogs({ byAge: { fields: ["calm", "age"] } }));
    expect(await collection.count({ index: "byAge", equals: { calm: true }, range: { gte: 6 } })).toBe(3);
  });
});

test("a unique key that the records break is refused in clear words", async () => {
  const dataDir = await makeTwelveDogs();
  await withStore(dataDir, async (store) => {
    const unique = dogs({ byOwner: { fields: ["owner"], unique: true } });
    await expect(store.collection(unique)).rejects.toMatchObject({
      name: "IncompatibleStoreError",
      message: "records in the store break a new unique key (dogs.k_owner)",
    });
  });
});

test("every plan is read from its index alone, in its order", async () => {
  await withStore(":memory:", async (store) => {
    const collection = await store.collection(
      dogs({ byOwnerAge: { fields: ["owner", "age"], unique: true }, byCalm: { fields: ["calm", "age"] } }),
    );
    await collection.insertMany(Array.from({ length: 12 }, (_, n) => dog(n)));
    const ids = async (reverse: boolean, after?: string) => {
      const query = { index: "byCalm", equals: { calm: false }, range: { gte: 3, lt: 11 }, reverse } as const;
      const page = await collection.find(query, after === undefined ? { limit: 2 } : { limit: 2, after });
      return { ids: page.items.map(({ id }) => id), after: page.nextCursor };
    };
    const first = await ids(false);
    expect(first.ids).toEqual(["d3", "d5"]);
    const second = await ids(false, first.after);
    expect(second).toEqual({ ids: ["d7", "d9"], after: undefined });
    const last = await ids(true);
    expect(last.ids).toEqual(["d9", "d7"]);
    expect((await ids(true, last.after)).ids).toEqual(["d5", "d3"]);
    const owners = await collection.find({ index: "byOwnerAge", reverse: true }, { limit: 2 });
    expect(owners.items.map(({ id }) => id)).toEqual(["d11", "d8"]);
  });
});
