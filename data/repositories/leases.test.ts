import { expect, test } from "vitest";
import { openLeases } from "./leases.ts";
import { openMemoryStore } from "./memory-store.fixture.ts";

test("one owner holds a lease until it lapses, and may renew it", async () => {
  const leases = await openLeases(await openMemoryStore());
  expect(await leases.acquire("pool", "a", 1000, 500)).toBe(true);
  expect(await leases.acquire("pool", "b", 1499, 500)).toBe(false);
  expect(await leases.acquire("pool", "a", 1400, 500)).toBe(true);
  expect(await leases.acquire("pool", "b", 1899, 500)).toBe(false);
  expect(await leases.acquire("pool", "b", 1900, 500)).toBe(true);
  expect(await leases.acquire("pool", "a", 1901, 500)).toBe(false);
});

test("of many who want a new or lapsed lease exactly one gets it", async () => {
  const leases = await openLeases(await openMemoryStore());
  const owners = Array.from({ length: 20 }, (_, n) => `p${n}`);
  for (const nowMs of [1000, 2000]) {
    const got = await Promise.all(
      owners.map((owner) => leases.acquire("pool", `${owner}-${nowMs}`, nowMs, 500)),
    );
    expect(got.filter(Boolean)).toHaveLength(1);
  }
});

test("a lease given back is free at once, but only its owner can give it back", async () => {
  const leases = await openLeases(await openMemoryStore());
  await leases.acquire("pool", "a", 1000, 500);
  await leases.release("pool", "b");
  expect(await leases.acquire("pool", "b", 1001, 500)).toBe(false);
  await leases.release("pool", "a");
  expect(await leases.acquire("pool", "b", 1002, 500)).toBe(true);
  expect(await leases.acquire("other", "a", 1003, 500)).toBe(true);
});
