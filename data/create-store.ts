import type { Collection, CollectionDeclaration, Store, StoredRecord } from "./collection.ts";
import { openDataKeys } from "./data-keys.ts";
import type { Engine, FieldKind, RawCollection, RawDeclaration } from "./engine.ts";
import { DeclarationError, IncompatibleStoreError, WrongKeyError } from "./errors.ts";
import { createMasterKey } from "./master-key.ts";
import { migrate } from "./migrate.ts";
import { type FieldShape, readShape } from "./record-shape.ts";
import { toCollection } from "./to-collection.ts";
import { type Keys, toSeals, withSealing, withWordIndexes } from "./with-sealing.ts";

/** Raised when the layout of the store's own collections changes. */
const FORMAT = 1;

/**
 * The port over an engine, which it owns from now on (and closes when this fails).
 * @throws WrongKeyError, IncompatibleStoreError
 */
export async function createStore(engine: Engine, dataKey: Buffer): Promise<Store> {
  try {
    const master = createMasterKey(dataKey);
    const meta = await engine.collection({ name: "meta", indexes: [], kinds: {} });
    await checkMeta(meta, master.fingerprint);
    const keys: Keys = { master, data: await openDataKeys(engine, master) };
    const opened = new Map<string, Promise<unknown>>();
    return {
      engine: engine.name,
      async collection<R extends StoredRecord, I extends string>(declaration: CollectionDeclaration<R, I>) {
        const { name } = declaration;
        const opening = opened.get(name) ?? openCollection(engine, meta, keys, declaration);
        opened.set(name, opening);
        // A failure may pass, so it is not remembered.
        opening.catch(() => opened.delete(name));
        return (await opening) as Collection<R, I>;
      },
      shredUser: async (userId) => await keys.data.shred(userId),
      check: async () => await engine.check(),
      close: async () => await engine.close(),
    };
  } catch (error) {
    await engine.close();
    throw error;
  }
}

async function openCollection<R extends StoredRecord, I extends string>(
  engine: Engine,
  meta: RawCollection,
  keys: Keys,
  declaration: CollectionDeclaration<R, I>,
): Promise<Collection<R, I>> {
  const { name } = declaration;
  const shape = readShape(declaration.record);
  if (!shape) throw new DeclarationError(name, "its record must be a plain z.object");
  const seals = declaration.sealed && toSeals(declaration.sealed);
  const rawDeclaration = withWordIndexes(toRawDeclaration(declaration, shape), seals);
  const bare = await engine.collection(rawDeclaration);
  const raw = seals ? withSealing(bare, name, seals, keys) : bare;
  await migrate(declaration, raw, meta);
  await raw.ensureIndexes();
  const sealed = seals?.fields ?? [];
  const fixed = ["id", ...(seals ? [seals.owner] : [])];
  const rules = { declaration: rawDeclaration, shape, fixed, sealed };
  return toCollection<R, I>({ declaration, rawDeclaration, raw, rules, seals, keys });
}

function toRawDeclaration<R extends StoredRecord>(
  { name, indexes }: CollectionDeclaration<R>,
  shape: ReadonlyMap<string, FieldShape>,
): RawDeclaration {
  const kindOf = (field: string) => shape.get(field)?.kind as FieldKind;
  const raw = Object.entries(indexes).map(([index, { fields, unique, sparse, where }]) => ({
    name: index,
    fields,
    unique: unique ?? false,
    sparse: sparse ?? false,
    multikey: fields.some((field) => kindOf(field) === "list"),
    where: Object.entries(where ?? {}) as [string, string | number | boolean][],
  }));
  const named = raw.flatMap((index) => [...index.fields, ...index.where.map(([field]) => field)]);
  return { name, indexes: raw, kinds: Object.fromEntries(named.map((field) => [field, kindOf(field)])) };
}

async function checkMeta(meta: RawCollection, fingerprint: string): Promise<void> {
  await meta.insertMany([
    { id: "format", value: FORMAT },
    { id: "data key", value: fingerprint },
  ]);
  const format = (await meta.get("format"))?.["value"];
  if (format !== FORMAT) {
    throw new IncompatibleStoreError(
      `the store has format ${String(format)}, this program knows format ${FORMAT}`,
    );
  }
  if ((await meta.get("data key"))?.["value"] !== fingerprint) throw new WrongKeyError();
}
