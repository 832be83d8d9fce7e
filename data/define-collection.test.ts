import * as z from "zod";
import { expect, test } from "vitest";
import type { CollectionDeclaration } from "./collection.ts";
import { defineCollection } from "./define-collection.ts";

const Book = z.object({
  id: z.string(),
  ownerId: z.string(),
  kind: z.enum(["novel", "poem"]),
  pages: z.number(),
  read: z.boolean(),
  tags: z.array(z.string()),
  text: z.string(),
  lentTo: z.optional(z.string()),
  place: z.nullable(z.string()),
  chapters: z.array(z.object({ title: z.string() })),
});
type Book = z.infer<typeof Book>;

const declare = (changes: Partial<CollectionDeclaration<Book>>) =>
  defineCollection({ name: "books", version: 1, record: Book, indexes: {}, ...changes });

test("a declaration that both engines can keep comes back as it is", () => {
  const indexes = {
    byKind: { fields: ["kind", "read", "pages"] },
    byTag: { fields: ["tags"] },
    lent: { fields: ["lentTo"], sparse: true, unique: true, where: { read: false } },
  } as const;
  const declaration = {
    name: "books",
    version: 2,
    migrations: { 1: (old: Record<string, unknown>) => old },
    record: Book,
    indexes,
    sealed: { owner: "ownerId", fields: ["text", "chapters"], words: { text: "owner" } },
  } as const;
  expect(defineCollection<Book, keyof typeof indexes>(declaration)).toBe(declaration);
});

test.each<[string, Partial<CollectionDeclaration<Book>>]>([
  ["must be one lowerCamelCase word", { name: "my books" }],
  ["no migration leads from version 1 to 2", { version: 3, migrations: { 2: (old) => old } }],
  ["versions count from 1", { version: 0 }],
  ["must be one lowerCamelCase word", { indexes: { "by-kind": { fields: ["kind"] } } }],
  ["has no fields", { indexes: { none: { fields: [] } } }],
  ["names a field twice", { indexes: { twice: { fields: ["kind", "kind"] } } }],
  ["not in the schema", { indexes: { odd: { fields: ["colour" as keyof Book] } } }],
  ["neither a scalar nor a list of scalars", { indexes: { byPlace: { fields: ["place"] } } }],
  ["neither a scalar nor a list of scalars", { indexes: { byChapter: { fields: ["chapters"] } } }],
  ["which every index ends with", { indexes: { byId: { fields: ["kind", "id"] } } }],
  ["is not sparse", { indexes: { lent: { fields: ["lentTo"] } } }],
  ["must stand alone", { indexes: { byTag: { fields: ["tags", "pages"] } } }],
  ["is never unique", { indexes: { byTag: { fields: ["tags"], unique: true } } }],
  ["cannot hold pages", { indexes: { big: { fields: ["kind"], where: { pages: "many" } } } }],
  [
    "names the sealed field kind",
    { indexes: { byKind: { fields: ["kind"] } }, sealed: { owner: "ownerId", fields: ["kind"] } },
  ],
  ["cannot name the owner", { sealed: { owner: "pages", fields: ["text"] } }],
  ["ownerId cannot be sealed", { sealed: { owner: "ownerId", fields: ["ownerId"] } }],
  ["is not sealed", { sealed: { owner: "ownerId", fields: ["text"], words: { place: "store" } } }],
  ["is no text", { sealed: { owner: "ownerId", fields: ["pages"], words: { pages: "store" } } }],
  ["must be a plain z.object", { record: z.looseObject(Book.shape) }],
])("one that an engine could not keep is refused: %s", (problem, changes) => {
  expect(() => declare(changes)).toThrow(problem);
});
