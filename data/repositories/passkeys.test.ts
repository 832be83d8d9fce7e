import { expect, test } from "vitest";
import type { StoredPasskey } from "#schema/stored/passkey.ts";
import { openMemoryStore } from "./memory-store.fixture.ts";
import { openPasskeys } from "./passkeys.ts";

const passkey = (id: string, changes: Partial<StoredPasskey> = {}): StoredPasskey => ({
  id,
  userId: "ann",
  userHandle: "handle-of-ann",
  rpId: "parley.example",
  publicKey: "a-public-key",
  counter: 0,
  transports: ["internal"],
  label: `Label of ${id}`,
  createdAtMs: 1000,
  ...changes,
});

async function openWith(...records: StoredPasskey[]) {
  const store = await openMemoryStore();
  const passkeys = await openPasskeys(store);
  for (const record of records) await passkeys.add(record);
  return { store, passkeys };
}

const idsOf = (found: StoredPasskey[]) => found.map(({ id }) => id);

test("a passkey is found by its id and among its user's, oldest first", async () => {
  const second = passkey("k2", { createdAtMs: 2000 });
  const { passkeys } = await openWith(second, passkey("k1"), passkey("k3", { userId: "bob" }));
  expect(await passkeys.get("k2")).toEqual(second);
  expect(await passkeys.get("k4")).toBeNull();
  expect(idsOf(await passkeys.listByUser("ann"))).toEqual(["k1", "k2"]);
});

test("a credential belongs to whoever added it first", async () => {
  const { passkeys } = await openWith();
  const adding = ["ann", "bob"].map((userId) => passkeys.add(passkey("k1", { userId })));
  expect((await Promise.all(adding)).filter(Boolean)).toHaveLength(1);
});

test("the signature count must rise, and of two uses with the same count one is refused", async () => {
  const { passkeys } = await openWith(passkey("k1", { counter: 5 }));
  expect(await passkeys.recordUse("k1", 5)).toBe(false);
  expect(await passkeys.recordUse("k1", 4)).toBe(false);
  expect(await passkeys.recordUse("k1", 0)).toBe(false);
  const uses = await Promise.all([passkeys.recordUse("k1", 6), passkeys.recordUse("k1", 6)]);
  expect(uses.filter(Boolean)).toHaveLength(1);
  expect((await passkeys.get("k1"))?.counter).toBe(6);
  expect(await passkeys.recordUse("unknown", 7)).toBe(false);
});

test("an authenticator that does not count is used again and again, and may begin to count", async () => {
  const { passkeys } = await openWith(passkey("k1"));
  expect(await passkeys.recordUse("k1", 0)).toBe(true);
  expect(await passkeys.recordUse("k1", 0)).toBe(true);
  expect(await passkeys.recordUse("k1", 1)).toBe(true);
  expect(await passkeys.recordUse("k1", 0)).toBe(false);
});

test("only its user removes a passkey", async () => {
  const { passkeys } = await openWith(passkey("k1"));
  expect(await passkeys.remove("bob", "k1")).toBe(false);
  expect(await passkeys.remove("ann", "k1")).toBe(true);
  expect(await passkeys.remove("ann", "k1")).toBe(false);
});

test("all of a user's go together, and those of a shredded user read as gone", async () => {
  const { store, passkeys } = await openWith(passkey("k1"), passkey("k2"), passkey("k3", { userId: "bob" }));
  await store.shredUser("bob");
  expect(await passkeys.get("k3")).toBeNull();
  expect(await passkeys.deleteByUser("ann")).toBe(2);
  expect(await passkeys.listByUser("ann")).toEqual([]);
});
