import type { Model } from "mongoose";
import type { RawDeclaration } from "../engine.ts";
import { IncompatibleStoreError } from "../errors.ts";
import type { Document } from "./create-model.ts";
import { INDEX_PREFIX, type MongoIndex, toIndex } from "./to-index.ts";

const INDEX_NOT_FOUND = 27;
const DUPLICATE_KEY = 11_000;
const SAME_KEYS_OTHER_NAME = 85;
const NAMESPACE_NOT_FOUND = 26;

/** An index over millions of records takes minutes; other operations wait less (see `open-mongo-engine.ts`). */
const BUILD_PATIENCE = { socketTimeoutMS: 600_000 };

type Found = Record<string, unknown> & { name: string };

/**
 * Makes the declared indexes, rebuilds those whose declaration changed and drops ours that are no longer declared.
 * An operator's own indexes stay, unless they are unique: such a one would refuse records for reasons no code knows.
 * @throws IncompatibleStoreError naming the index that stands in the way, or whose key records share already
 */
export async function ensureIndexes(model: Model<Document>, declaration: RawDeclaration): Promise<void> {
  const { collection } = model;
  const refuse = (problem: string) => new IncompatibleStoreError(`${declaration.name}: ${problem}`);
  const wanted = new Map(declaration.indexes.map((index) => [INDEX_PREFIX + index.name, toIndex(index)]));
  const found = await listIndexes(model);
  for (const index of found) {
    if (index.name === "_id_") continue;
    if (!index.name.startsWith(INDEX_PREFIX)) {
      if (index["unique"]) throw refuse(`the unique index ${index.name} is not Parley's; drop it`);
      continue;
    }
    const declared = wanted.get(index.name);
    if (declared && shapeOf(declared) === shapeOf(index)) wanted.delete(index.name);
    else await collection.dropIndex(index.name).catch(unlessCode(INDEX_NOT_FOUND));
  }
  for (const index of wanted.values()) {
    const { key, ...options } = index;
    try {
      await collection.createIndex(key, { ...options, ...BUILD_PATIENCE });
    } catch (error) {
      const code = codeOf(error);
      if (code === DUPLICATE_KEY) throw refuse(`records share the key of the unique index ${index.name}`);
      if (code === SAME_KEYS_OTHER_NAME)
        throw refuse(`an index that is not Parley's stands for ${index.name}; drop it`);
      throw error;
    }
  }
}

async function listIndexes(model: Model<Document>): Promise<Found[]> {
  try {
    return (await model.collection.listIndexes().toArray()) as Found[];
  } catch (error) {
    if (codeOf(error) === NAMESPACE_NOT_FOUND) return [];
    throw error;
  }
}

/** All that decides what an index holds and how it is ordered; indexes of equal shape are interchangeable. */
function shapeOf(index: MongoIndex | Found): string {
  const { key, unique, partialFilterExpression, collation, sparse, expireAfterSeconds } = index as Found;
  const limits = Object.entries(partialFilterExpression ?? {}).sort(([a], [b]) => (a < b ? -1 : 1));
  return JSON.stringify([
    Object.entries(key as object),
    unique === true,
    limits,
    collation,
    sparse,
    expireAfterSeconds,
  ]);
}

function codeOf(error: unknown): unknown {
  return (error as { code?: unknown }).code;
}

function unlessCode(code: number): (error: unknown) => void {
  return (error) => {
    if (codeOf(error) !== code) throw error;
  };
}
