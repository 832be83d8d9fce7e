import { expect, test } from "vitest";
import { toCursor } from "./cursor.ts";
import type { RawDeclaration } from "./engine.ts";
import { cursorAfter, type PlainQuery, planQuery } from "./query-plan.ts";

const index = (name: string, fields: string[], multikey = false) => {
  return { name, fields, unique: false, sparse: false, multikey, where: [] };
};

const declaration: RawDeclaration = {
  name: "trips",
  indexes: [index("byPlace", ["country", "city", "atMs"]), index("byTag", ["tags"], true)],
  kinds: { country: "string", city: "string", atMs: "number", tags: "list" },
};

test("a plan has the equality in the index's order, the range behind it, and orders by the rest and the id", () => {
  const query = {
    index: "byPlace",
    equals: { city: "Graz", country: "at" },
    range: { gte: 5 },
    reverse: true,
  };
  expect(planQuery(declaration, query)).toEqual({
    index: declaration.indexes[0],
    equals: [
      ["country", "at"],
      ["city", "Graz"],
    ],
    holds: [],
    range: { field: "atMs", gte: 5 },
    sort: ["atMs", "id"],
    reverse: true,
  });
});

test.each<[string, PlainQuery]>([
  ["no such index", { index: "byColour" }],
  ["a prefix of country, city, atMs", { index: "byPlace", equals: { city: "Graz" } }],
  ["a prefix of country, city, atMs", { index: "byPlace", equals: { country: "at", atMs: 5 } }],
  ["country is a string", { index: "byPlace", equals: { country: 5 } }],
  ["city is a string", { index: "byPlace", equals: { country: "at" }, range: { gt: 5 } }],
  ["gt and gte", { index: "byPlace", range: { gt: "a", gte: "b" } }],
  ["lt and lte", { index: "byPlace", range: { lt: "a", lte: "b" } }],
  [
    "behind the equality",
    { index: "byPlace", equals: { country: "at", city: "a", atMs: 1 }, range: { gt: 1 } },
  ],
  ["one value it holds", { index: "byTag" }],
  ["behind the equality", { index: "byTag", equals: { tags: "sea" }, range: { gt: "a" } }],
])("a query that no index serves is refused: %s", (problem, query) => {
  expect(() => planQuery(declaration, query)).toThrow(problem);
});

test("a cursor continues its own query and no other", () => {
  const query = { index: "byPlace", equals: { country: "at" } };
  const plan = planQuery(declaration, query);
  const cursor = cursorAfter(plan, { id: "t1", country: "at", city: "Graz", atMs: 5 });
  expect(planQuery(declaration, query, cursor).after).toEqual(["Graz", 5, "t1"]);
  const others = [
    { ...query, reverse: true },
    { index: "byPlace" },
    { index: "byTag", equals: { tags: "sea" } },
  ];
  for (const other of others) {
    expect(() => planQuery(declaration, other, cursor)).toThrow("not one this list handed out");
  }
});

test.each([
  "",
  "!",
  "null",
  Buffer.from("null").toString("base64url"),
  Buffer.from("{}").toString("base64url"),
  toCursor("byPlace+", ["Graz", 5]),
  toCursor("byPlace+", ["Graz", "5", "t1"]),
  toCursor("byPlace+", ["Graz", 5, "t1", "more"]),
  Buffer.from('["byPlace+",["Graz"],5,"t1"]').toString("base64url"),
])("a malformed cursor is refused: %j", (cursor) => {
  const query = { index: "byPlace", equals: { country: "at" } };
  expect(() => planQuery(declaration, query, cursor)).toThrow("not one this list handed out");
});
