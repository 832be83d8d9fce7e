import { expect, test } from "vitest";
import { openMemoryStore } from "./memory-store.fixture.ts";
import { openSpentChallenges } from "./spent-challenges.ts";

const MINUTE_MS = 60_000;

test("of several who spend a challenge at once, one may", async () => {
  const challenges = await openSpentChallenges(await openMemoryStore());
  const spending = [1, 2, 3].map(() => challenges.spend("c1", 5 * MINUTE_MS, 0));
  expect((await Promise.all(spending)).filter(Boolean)).toHaveLength(1);
  expect(await challenges.spend("c2", 5 * MINUTE_MS, 0)).toBe(true);
});

test("a spent challenge is remembered beyond its end, though not for ever", async () => {
  const challenges = await openSpentChallenges(await openMemoryStore());
  await challenges.spend("c1", 5 * MINUTE_MS, 0);
  expect(await challenges.spend("c1", 5 * MINUTE_MS, 14 * MINUTE_MS)).toBe(false);
  // Forgotten by now; that it has expired is what refuses it.
  expect(await challenges.spend("c1", 5 * MINUTE_MS, 15 * MINUTE_MS)).toBe(true);
});
