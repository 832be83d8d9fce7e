import { expect, test } from "vitest";
import type { StoredUser } from "#schema/stored/user.ts";
import { openMemoryStore } from "./memory-store.fixture.ts";
import { openUsers } from "./users.ts";

const user = (id: string, changes: Partial<StoredUser> = {}): StoredUser => ({
  id,
  name: `Name of ${id}`,
  role: "user",
  origin: "guest",
  createdAtMs: 1000,
  lastSeenAtMs: 1000,
  tokensValidFromMs: 0,
  ...changes,
});

async function openWith(...records: StoredUser[]) {
  const store = await openMemoryStore();
  const users = await openUsers(store);
  for (const record of records) await users.create(record);
  return { store, users };
}

test("a user is found by id, and by the subject of a trusted issuer", async () => {
  const ann = user("ann", { origin: "trusted", subject: "hash-1" });
  const { users } = await openWith(ann, user("bob"), user("cy"));
  expect(await users.get("ann")).toEqual(ann);
  expect(await users.getBySubject("hash-1")).toEqual(ann);
  expect(await users.getBySubject("hash-2")).toBeNull();
  expect(await users.get("nobody")).toBeNull();
});

test("one subject is one user", async () => {
  const { users } = await openWith(user("ann", { subject: "hash-1" }));
  await expect(users.create(user("bob", { subject: "hash-1" }))).rejects.toMatchObject({
    name: "DuplicateKeyError",
    index: "bySubject",
  });
  expect(await users.count()).toBe(1);
});

test("a renamed user is found by the new name only", async () => {
  const { users } = await openWith(user("ann", { name: "Zoë Müller" }), user("bob", { name: "Zoe Smith" }));
  const search = async (text: string) => {
    return (await users.searchByName(text, { limit: 10 })).items.map(({ id }) => id);
  };
  expect(await search("ZOE")).toEqual(["ann", "bob"]);
  expect(await search("muller zoe")).toEqual(["ann"]);
  expect(await users.rename("ann", "Quiet Fox", 5000)).toMatchObject({
    name: "Quiet Fox",
    lastSeenAtMs: 5000,
  });
  expect(await search("zoe")).toEqual(["bob"]);
  expect(await search("fox")).toEqual(["ann"]);
  expect(await users.rename("nobody", "X", 1)).toBeNull();
});

test("moments only move forward", async () => {
  const { users } = await openWith(user("ann"));
  await users.touch("ann", 3000);
  await users.touch("ann", 2000);
  await users.revokeTokens("ann", 4000);
  await users.revokeTokens("ann", 10);
  expect(await users.get("ann")).toMatchObject({ lastSeenAtMs: 3000, tokensValidFromMs: 4000 });
});

test("users are listed newest first, page by page", async () => {
  const { users } = await openWith(
    ...Array.from({ length: 5 }, (_, n) => user(`u${n}`, { createdAtMs: 100 * (n % 3) })),
  );
  const first = await users.list({ limit: 2 });
  const second = await users.list({ limit: 2, cursor: first.nextCursor });
  const third = await users.list({ limit: 2, cursor: second.nextCursor });
  const ids = [first, second, third].flatMap(({ items }) => items.map(({ id }) => id));
  expect(ids).toEqual(["u2", "u4", "u1", "u3", "u0"]);
  expect(third.nextCursor).toBeUndefined();
});

test("a removed user is gone from every answer", async () => {
  const { users } = await openWith(user("ann"), user("bob"));
  expect(await users.remove("ann")).toBe(true);
  expect(await users.remove("ann")).toBe(false);
  expect(await users.get("ann")).toBeNull();
  expect((await users.searchByName("ann", { limit: 5 })).items).toEqual([]);
  expect(await users.count()).toBe(1);
});

test("newcomers are those who came first within a time, without operators and imported users", async () => {
  const { users } = await openWith(
    user("early", { createdAtMs: 999 }),
    user("ann", { createdAtMs: 1000, lastSeenAtMs: 7000 }),
    user("bob", { createdAtMs: 1500, lastSeenAtMs: 1500 }),
    user("boss", { createdAtMs: 1500, role: "admin" }),
    user("moved", { createdAtMs: 1500, origin: "imported" }),
    user("late", { createdAtMs: 2000 }),
  );
  expect(await users.newcomers(1000, 2000, 10)).toEqual([
    { id: "bob", createdAtMs: 1500, lastSeenAtMs: 1500 },
    { id: "ann", createdAtMs: 1000, lastSeenAtMs: 7000 },
  ]);
});
