import { expect, test } from "vitest";
import { openBatches } from "./batches.ts";
import { openMemoryStore } from "./memory-store.fixture.ts";

const batch = (hourStartMs: number, written: number, failed: number, updatedAtMs: number) => {
  return { id: `hour ${hourStartMs}`, hourStartMs, wanted: 100, written, failed, updatedAtMs };
};

test("counts of one hour add up, also when several report at once", async () => {
  const batches = await openBatches(await openMemoryStore());
  await batches.report(batch(0, 60, 1, 10));
  await Promise.all([batches.report(batch(0, 30, 0, 30)), batches.report(batch(0, 5, 2, 20))]);
  expect(await batches.recent(0)).toEqual([batch(0, 95, 3, 30)]);
});

test("recent hours come newest first", async () => {
  const batches = await openBatches(await openMemoryStore());
  for (const hour of [1, 3, 2]) await batches.report(batch(hour, 100, 0, hour));
  expect((await batches.recent(2)).map(({ hourStartMs }) => hourStartMs)).toEqual([3, 2]);
});
