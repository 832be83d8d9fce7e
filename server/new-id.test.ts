import { expect, it } from "vitest";
import { createIdSequence, newId } from "./new-id.ts";

it("an id can stand anywhere, on a command line too", () => {
  const ids = Array.from({ length: 5_000 }, newId);
  expect(ids.filter((id) => !/^[A-Za-z0-9_][A-Za-z0-9_-]{21}$/.test(id))).toEqual([]);
  expect(new Set(ids).size).toBe(5_000);
});

it("a sequence never gives an id twice, and two sequences share none", () => {
  const [one, other] = [createIdSequence(), createIdSequence()];
  const ids = Array.from({ length: 100 }, () => [one(), other()]).flat();
  expect(new Set(ids).size).toBe(200);
});
