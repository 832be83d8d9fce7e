import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { expect, test } from "vitest";
import { openStore } from "../open.ts";
import { makeTemporaryDirectory } from "../temporary-directory.fixture.ts";
import { runUntilKilled } from "./doomed-child.fixture.ts";
import { bareMarks, marks, TEST_KEY } from "./doomed-process.fixture.ts";

function checkIntegrity(dataDir: string): unknown {
  const db = new DatabaseSync(join(dataDir, "store.db"));
  const verdict = db.prepare("PRAGMA integrity_check").all();
  db.close();
  return verdict;
}

test("kill -9 at any moment loses nothing that was acknowledged", async () => {
  const dataDir = makeTemporaryDirectory();
  const acknowledged: string[] = [];
  for (const killedAfter of [1, 90, 333, 700, 1500]) {
    const lines = await runUntilKilled("write", dataDir, (lines) => lines.length === killedAfter);
    expect(lines.length).toBeGreaterThanOrEqual(killedAfter);
    acknowledged.push(...lines);
    expect(checkIntegrity(dataDir)).toMatchObject([{ integrity_check: "ok" }]);
  }
  const store = await openStore({ dataDir, dataKey: TEST_KEY });
  const collection = await store.collection(marks);
  const found = await collection.getMany(acknowledged);
  expect(found.map(({ id }) => id)).toEqual(acknowledged);
  // Not only the records: also what finds them.
  const byTag = await collection.count({ index: "byTag", equals: { tags: "all" } });
  expect(byTag).toBe(await collection.count({ index: "byRound" }));
  await store.close();
});

test("a restart in the middle of making indexes completes them", async () => {
  const dataDir = makeTemporaryDirectory();
  const records = Array.from({ length: 3000 }, (_, n) => ({
    id: `m${n}`,
    round: `r${n % 7}`,
    tags: ["all"],
  }));
  const before = await openStore({ dataDir, dataKey: TEST_KEY });
  await (await before.collection(bareMarks)).insertMany(records);
  await before.close();

  await runUntilKilled("index", dataDir, (lines) => lines.includes("indexing"));

  const store = await openStore({ dataDir, dataKey: TEST_KEY });
  const collection = await store.collection(marks);
  expect(await collection.count({ index: "byRound", equals: { round: "r3" } })).toBe(429);
  expect(await collection.count({ index: "byTag", equals: { tags: "all" } })).toBe(3000);
  await store.close();
  expect(checkIntegrity(dataDir)).toMatchObject([{ integrity_check: "ok" }]);
});
