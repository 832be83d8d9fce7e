import { type Connection, type Model, Schema, type SchemaDefinition } from "mongoose";
import type { FieldKind, RawDeclaration } from "../engine.ts";

/** A record as MongoDB holds it. */
export type Document = { readonly _id: string; readonly [field: string]: unknown };

const TYPES: { readonly [K in FieldKind]: SchemaDefinition[string] } = {
  string: { type: String },
  number: { type: Number },
  boolean: { type: Boolean },
  list: { type: [Schema.Types.Mixed], default: undefined },
};

/**
 * The Mongoose model of a declared collection. Only the fields that indexes name are typed: every record, change and
 * query was checked against its schema before, so Mongoose must neither drop nor reshape what it does not know.
 */
export function createModel(connection: Connection, { name, kinds }: RawDeclaration): Model<Document> {
  const fields = Object.entries(kinds).map(([field, kind]) => [field, TYPES[kind]]);
  const definition = { _id: { type: String }, ...Object.fromEntries(fields) } as SchemaDefinition;
  const schema = new Schema(definition, {
    collection: name,
    strict: false,
    strictQuery: false,
    minimize: false,
    versionKey: false,
    id: false,
    autoIndex: false,
    autoCreate: false,
    bufferCommands: false,
  });
  return connection.model(name, schema, name, { overwriteModels: true }) as unknown as Model<Document>;
}
