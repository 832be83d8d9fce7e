import { expect, test } from "vitest";
import { createUserMemory, type RememberedUser } from "./user-memory.ts";

const user = (ids = 0): RememberedUser => ({
  topics: [],
  seen: new Set(Array.from({ length: ids }, (_, i) => `id${i}`)),
  complete: true,
});

test("remembers no more users than allowed, and forgets the one longest unused", () => {
  const memory = createUserMemory(2, 1000);
  memory.set("a", user());
  memory.set("b", user());
  memory.get("a");
  memory.set("c", user());
  expect(memory.get("b")).toBeUndefined();
  expect(memory.get("a")).toBeDefined();
});

test("remembers no more ids in all than allowed, however they came", () => {
  const memory = createUserMemory(100, 50);
  memory.set("a", user(20));
  memory.set("b", user(20));
  const c = user(5);
  memory.set("c", c);
  for (let i = 0; i < 10; i++) memory.noteSeen(c, `new${i}`);
  expect(memory.get("a")).toBeUndefined();
  memory.replaceSeen(
    c,
    Array.from({ length: 45 }, (_, i) => `other${i}`),
  );
  expect(memory.get("b")).toBeUndefined();
  expect(memory.get("c")?.seen.size).toBe(45);
});

test("of a user whose views are not all known keeps the latest only", () => {
  const memory = createUserMemory();
  const partial = { ...user(), complete: false };
  memory.set("a", partial);
  for (let i = 0; i < 200; i++) memory.noteSeen(partial, `id${i}`);
  expect(partial.seen.size).toBe(64);
  expect(partial.seen.has("id199")).toBe(true);
});

test("keeps the latest eight topics, each once, newest first", () => {
  const memory = createUserMemory();
  const someone = user();
  for (let i = 0; i < 12; i++) memory.noteTopic(someone, `t${i}`);
  memory.noteTopic(someone, "t9");
  expect(someone.topics).toEqual(["t9", "t11", "t10", "t8", "t7", "t6", "t5", "t4"]);
});
