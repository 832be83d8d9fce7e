import type { CollectionDeclaration, IndexDeclaration, StoredRecord } from "./collection.ts";
import { DeclarationError } from "./errors.ts";
import { type FieldShape, readShape } from "./record-shape.ts";

type AnyDeclaration = CollectionDeclaration<StoredRecord & Record<string, unknown>>;

/**
 * A declaration that both engines can keep, checked once when the module loads.
 * @throws DeclarationError for unknown fields, a sealed field in an index, a list in a compound index and the like
 */
export function defineCollection<R extends StoredRecord, const I extends string>(
  declaration: CollectionDeclaration<R, I>,
): CollectionDeclaration<R, I> {
  const any = declaration as unknown as AnyDeclaration;
  const refuse = (problem: string) => new DeclarationError(declaration.name, problem);
  if (!/^[a-z][A-Za-z0-9]*$/.test(declaration.name)) throw refuse("its name must be one lowerCamelCase word");
  const shape = readShape(declaration.record);
  if (shape === null) throw refuse("its record must be a plain z.object");
  for (const field of shape.keys()) {
    if (!/^[A-Za-z][A-Za-z0-9]*$/.test(field)) throw refuse(`${field} is no plain field name`);
  }
  checkVersions(any, refuse);
  checkSealed(any, shape, refuse);
  for (const [name, index] of Object.entries(any.indexes)) {
    if (!/^[a-z][A-Za-z0-9]*$/.test(name)) throw refuse(`index ${name} must be one lowerCamelCase word`);
    checkIndex(index, any.sealed?.fields ?? [], shape, (problem) => refuse(`index ${name} ${problem}`));
  }
  return declaration;
}

type Refuse = (problem: string) => DeclarationError;

function checkVersions({ version, migrations }: AnyDeclaration, refuse: Refuse): void {
  if (!Number.isInteger(version) || version < 1) throw refuse("versions count from 1");
  for (let from = 1; from < version; from++) {
    if (!migrations?.[from]) throw refuse(`no migration leads from version ${from} to ${from + 1}`);
  }
}

function checkSealed(
  { sealed }: AnyDeclaration,
  shape: ReadonlyMap<string, FieldShape>,
  refuse: Refuse,
): void {
  if (!sealed) return;
  if (shape.get(sealed.owner)?.kind !== "string")
    throw refuse(`${sealed.owner} cannot name the owner of its seals`);
  for (const field of sealed.fields) {
    if (!shape.has(field)) throw refuse(`sealed field ${field} is not in its schema`);
    if (field === "id" || field === sealed.owner) throw refuse(`${field} cannot be sealed`);
  }
  for (const field of Object.keys(sealed.words ?? {})) {
    if (!sealed.fields.includes(field)) throw refuse(`${field} has a words index but is not sealed`);
    if (shape.get(field)?.kind !== "string") throw refuse(`${field} has a words index but is no text`);
  }
}

function checkIndex(
  index: IndexDeclaration<StoredRecord & Record<string, unknown>>,
  sealed: readonly string[],
  shape: ReadonlyMap<string, FieldShape>,
  refuse: Refuse,
): void {
  if (index.fields.length === 0) throw refuse("has no fields");
  if (new Set(index.fields).size < index.fields.length) throw refuse("names a field twice");
  for (const field of index.fields) {
    const { kind, optional } = shape.get(field) ?? { kind: undefined, optional: false };
    if (kind === undefined) throw refuse(`names ${field}, which is not in the schema`);
    if (kind === null) throw refuse(`names ${field}, which is neither a scalar nor a list of scalars`);
    if (field === "id") throw refuse("names id, which every index ends with");
    if (sealed.includes(field)) throw refuse(`names the sealed field ${field}`);
    if (optional && !index.sparse) throw refuse(`names ${field}, which may be missing, and is not sparse`);
    if (kind === "list" && (index.fields.length > 1 || index.unique)) {
      throw refuse(`names the list ${field}, which must stand alone and is never unique`);
    }
  }
  for (const [field, value] of Object.entries(index.where ?? {})) {
    if (shape.get(field)?.kind !== typeof value || sealed.includes(field)) {
      throw refuse(`cannot hold ${field} to this value`);
    }
  }
}
