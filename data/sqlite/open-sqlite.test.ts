import { once } from "node:events";
import { mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { openStore } from "../open.ts";
import { makeTemporaryDirectory } from "../temporary-directory.fixture.ts";
import { runUntilKilled, startTask } from "./doomed-child.fixture.ts";
import { marks, TEST_KEY } from "./doomed-process.fixture.ts";

const open = async (dataDir: string) => await openStore({ dataDir, dataKey: TEST_KEY });

/** A closed store with enough records for several pages. */
async function makeStore(dataDir: string): Promise<string> {
  const store = await open(dataDir);
  const collection = await store.collection(marks);
  await collection.insertMany(
    Array.from({ length: 500 }, (_, n) => ({ id: `m${n}`, round: "x".repeat(100), tags: [] })),
  );
  await store.close();
  return join(dataDir, "store.db");
}

test("a directory that is missing is made, and nobody else can read the store", async () => {
  const dataDir = join(makeTemporaryDirectory(), "deep", "data");
  const store = await open(dataDir);
  await store.collection(marks);
  expect(statSync(dataDir).mode & 0o777).toBe(0o700);
  const files = readdirSync(dataDir).sort();
  expect(files).toEqual(["store.db", "store.db-shm", "store.db-wal", "store.lock", "store.pid"]);
  for (const file of files) expect(statSync(join(dataDir, file)).mode & 0o777).toBe(0o600);
  await store.close();
});

test("a second opener is refused, and told who has the store", async () => {
  const dataDir = makeTemporaryDirectory();
  const store = await open(dataDir);
  await expect(open(dataDir)).rejects.toMatchObject({ name: "StoreLockedError", pid: process.pid });
  await store.close();
  await (await open(dataDir)).close();
});

test("another process is refused likewise, and gets in once the first was killed", async () => {
  const dataDir = makeTemporaryDirectory();
  const child = startTask("hold", dataDir);
  await once(child.lines, "line");
  await expect(open(dataDir)).rejects.toMatchObject({ name: "StoreLockedError", pid: child.process.pid });
  child.process.kill("SIGKILL");
  await once(child.process, "exit");
  await (await open(dataDir)).close();
});

test("the pid of a dead process locks nobody out, even when it is ours", async () => {
  const dataDir = makeTemporaryDirectory();
  await runUntilKilled("hold", dataDir, (lines) => lines.includes("open"));
  writeFileSync(join(dataDir, "store.pid"), String(process.pid));
  const store = await open(dataDir);
  await expect(store.check()).resolves.toBeUndefined();
  await store.close();
});

test("a file that is no database is refused and left as it is", async () => {
  const dataDir = makeTemporaryDirectory();
  const path = join(dataDir, "store.db");
  writeFileSync(path, "these are notes, not a database. ".repeat(100));
  await expect(open(dataDir)).rejects.toMatchObject({ name: "StoreCorruptError" });
  expect(readFileSync(path, "utf8")).toContain("these are notes");
});

test("a damaged file is refused", async () => {
  const dataDir = makeTemporaryDirectory();
  const path = await makeStore(dataDir);
  const bytes = readFileSync(path);
  bytes.fill(0xa5, 8192, bytes.length - 4096);
  writeFileSync(path, bytes);
  await expect(open(dataDir)).rejects.toMatchObject({ name: "StoreCorruptError" });
  // The lock is not kept.
  await expect(open(dataDir)).rejects.toMatchObject({ name: "StoreCorruptError" });
});

test("another DATA_KEY is refused, and the right one still opens", async () => {
  const dataDir = makeTemporaryDirectory();
  await makeStore(dataDir);
  const other = { dataDir, dataKey: Buffer.alloc(32, 4) };
  await expect(openStore(other)).rejects.toMatchObject({ name: "WrongKeyError" });
  await (await open(dataDir)).close();
});

test("a directory that cannot be one is named", async () => {
  const parent = makeTemporaryDirectory();
  writeFileSync(join(parent, "data"), "");
  await expect(open(join(parent, "data"))).rejects.toMatchObject({
    name: "StoreUnavailableError",
    retryable: false,
    message: expect.stringContaining(join(parent, "data")) as string,
  });
  mkdirSync(join(parent, "other", "store.db"), { recursive: true });
  await expect(open(join(parent, "other"))).rejects.toMatchObject({ name: "StoreUnavailableError" });
});

test("a closed store says so", async () => {
  const store = await open(":memory:");
  const collection = await store.collection(marks);
  await store.close();
  await store.close();
  await expect(collection.get("m1")).rejects.toMatchObject({ message: "the store is closed" });
  await expect(store.check()).rejects.toMatchObject({ message: "the store is closed", retryable: false });
});
