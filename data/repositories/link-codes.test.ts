import { expect, test } from "vitest";
import type { StoredLinkCode } from "#schema/stored/link-code.ts";
import { openLinkCodes } from "./link-codes.ts";
import { openMemoryStore } from "./memory-store.fixture.ts";

const code = (id: string, changes: Partial<StoredLinkCode> = {}): StoredLinkCode => ({
  id,
  userId: "ann",
  createdAtMs: 1000,
  expiresAtMs: 2000,
  ...changes,
});

const open = async () => openLinkCodes(await openMemoryStore());

test("a code is taken once, also by several at the same moment", async () => {
  const codes = await open();
  await codes.replace(code("c1"));
  const taken = await Promise.all([codes.take("c1", 1500), codes.take("c1", 1500), codes.take("c1", 1500)]);
  expect(taken.filter(Boolean)).toEqual([code("c1")]);
  expect(await codes.take("c1", 1500)).toBeNull();
});

test("an expired code is taken by nobody", async () => {
  const codes = await open();
  await codes.replace(code("c1"));
  expect(await codes.take("c1", 2000)).toBeNull();
  expect(await codes.take("c1", 1999)).toEqual(code("c1"));
});

test("a new code replaces its user's older one and nobody else's", async () => {
  const codes = await open();
  await codes.replace(code("c1"));
  await codes.replace(code("c2", { userId: "bob" }));
  await codes.replace(code("c3", { createdAtMs: 1100, expiresAtMs: 2100 }));
  expect(await codes.take("c1", 1500)).toBeNull();
  expect((await codes.take("c2", 1500))?.userId).toBe("bob");
  expect((await codes.take("c3", 1500))?.userId).toBe("ann");
});

test("expired codes are swept up when a new one is made", async () => {
  const codes = await open();
  await codes.replace(code("c1"));
  await codes.replace(code("c2", { userId: "bob", createdAtMs: 2000, expiresAtMs: 3000 }));
  expect(await codes.deleteByUser("ann")).toBe(0);
  expect(await codes.deleteByUser("bob")).toBe(1);
});
