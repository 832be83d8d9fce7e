import { readFileSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { expect, onTestFinished, test } from "vitest";
import type { RawRecord } from "../engine.ts";
import { makeTemporaryDirectory } from "../temporary-directory.fixture.ts";
import { createGroupCommit } from "./group-commit.ts";
import { openTable } from "./open-table.ts";
import { createStatements } from "./statements.ts";

const declaration = {
  name: "things",
  indexes: [
    { name: "byKey", fields: ["key"], unique: true, sparse: false, multikey: false, where: [] },
    { name: "byTag", fields: ["tags"], unique: false, sparse: false, multikey: true, where: [] },
  ],
  kinds: { key: "string", tags: "list" },
} as const;

const thing = (n: number, text = ""): RawRecord => ({ id: `t${n}`, key: `k${n}`, tags: ["a", "b"], text });

async function openThings(path: string, nowMs = () => 0) {
  const db = new DatabaseSync(path);
  db.exec("PRAGMA journal_mode = WAL");
  const group = createGroupCommit(db, nowMs);
  const things = await openTable({ db, prepare: createStatements(db), group }, declaration);
  await things.ensureIndexes();
  onTestFinished(() => {
    group.close();
    db.close();
  });
  return { db, things };
}

/** Commits in a write-ahead log: frames whose header has the size of the database (https://sqlite.org/walformat.html). */
function countCommits(path: string): number {
  const log = readFileSync(path);
  const frame = 24 + log.readUInt32BE(8);
  let commits = 0;
  for (let at = 32; at + frame <= log.length; at += frame) {
    if (log.readUInt32BE(at + 4) !== 0) commits++;
  }
  return commits;
}

test("writes that come together are one commit", async () => {
  const path = join(makeTemporaryDirectory(), "things.db");
  const { things } = await openThings(path);
  const before = countCommits(`${path}-wal`);
  await Promise.all(Array.from({ length: 50 }, (_, n) => things.insert(thing(n))));
  expect(countCommits(`${path}-wal`)).toBe(before + 1);
});

test("a flood of writes is split, so that it does not hold up everything else", async () => {
  const path = join(makeTemporaryDirectory(), "things.db");
  let now = 0;
  // Each look at the clock is 3 ms later, so a group is over 8 ms after three writes.
  const { things } = await openThings(path, () => (now += 3));
  const before = countCommits(`${path}-wal`);
  await Promise.all(Array.from({ length: 9 }, (_, n) => things.insert(thing(n))));
  expect(countCommits(`${path}-wal`)).toBe(before + 3);
});

test("a write is seen by nobody before it is committed, and acknowledged only then", async () => {
  const path = join(makeTemporaryDirectory(), "things.db");
  const { things } = await openThings(path);
  const other = new DatabaseSync(path, { readOnly: true });
  const countElsewhere = () => other.prepare("SELECT count(*) AS n FROM things").get()?.["n"];
  const written = things.insert(thing(1));
  expect(await things.get("t1")).toBeNull();
  expect(countElsewhere()).toBe(0);
  await written;
  expect(countElsewhere()).toBe(1);
  other.close();
});

test("a write that breaks a key fails alone", async () => {
  const { things } = await openThings(":memory:");
  await things.insert(thing(0));
  const broken = { ...thing(9), key: "k0" };
  const results = await Promise.allSettled([
    things.insert(thing(1)),
    things.insert(broken),
    things.insert(thing(2)),
    things.insert({ ...thing(2), key: "another" }),
  ]);
  expect(results.map(({ status }) => status)).toEqual(["fulfilled", "rejected", "fulfilled", "rejected"]);
  expect(results[1]).toMatchObject({ reason: { name: "DuplicateKeyError", index: "byKey" } });
  expect(results[3]).toMatchObject({ reason: { name: "DuplicateKeyError", index: "id" } });
  const ids = (await things.scan(null, 10)).map(({ id }) => id);
  expect(ids).toEqual(["t0", "t1", "t2"]);
});

test("a full disk refuses writes and nothing else, and they work again once there is room", async () => {
  const { db, things } = await openThings(":memory:");
  await things.insert(thing(1));
  const pages = db.prepare("PRAGMA page_count").get()?.["page_count"];
  db.exec(`PRAGMA max_page_count = ${String(pages)}`);
  const results = await Promise.allSettled([
    things.insert(thing(2)),
    things.insert(thing(3, "x".repeat(100_000))),
    things.patch("t1", { ...NOTHING, set: { text: "y".repeat(100_000) } }, []),
  ]);
  for (const result of results) {
    expect(result).toMatchObject({ reason: { name: "StoreFullError", retryable: true } });
  }
  expect(await things.get("t1")).toEqual(thing(1));
  expect(await things.get("t2")).toBeNull();

  db.exec("PRAGMA max_page_count = 100000");
  await things.insert(thing(3, "x".repeat(100_000)));
  expect((await things.scan(null, 10)).map(({ id }) => id)).toEqual(["t1", "t3"]);
});

test("a store that became read-only says so, and can be read", async () => {
  const { db, things } = await openThings(":memory:");
  await things.insert(thing(1));
  db.exec("PRAGMA query_only = ON");
  await expect(things.insert(thing(2))).rejects.toMatchObject({ name: "StoreReadOnlyError" });
  expect(await things.get("t1")).toEqual(thing(1));
  db.exec("PRAGMA query_only = OFF");
  await things.insert(thing(2));
});

const NOTHING = { set: {}, unset: [], increment: {}, max: {}, push: {}, addToSet: {} };
