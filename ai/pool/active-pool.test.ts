import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { PoolEntry } from "#schema/stored/conversation.ts";
import { DIFFICULTIES } from "#schema/vocabulary.ts";
import { createRng } from "../rng.ts";
import { createActivePool, toPoolEntry, type PoolFilter } from "./active-pool.ts";
import { createConversation } from "./pool-entry.fixture.ts";

const HOUR = "2026-01-01T00";
const topics = Array.from({ length: 10 }, (_, i) => ({ id: `topic-${i}` }));
const entries = Array.from({ length: 200 }, (_, i) => toPoolEntry(createConversation(HOUR, i, topics)));
const fits = (entry: PoolEntry, { topicId, difficulty, maxParticipants = 5 }: PoolFilter) =>
  (topicId === undefined || entry.topicId === topicId) &&
  (difficulty === undefined || entry.difficulty === difficulty) &&
  entry.participantCount <= maxParticipants;
const ids = (list: Iterable<PoolEntry>) => [...list].map(({ id }) => id).toSorted();

const anyFilter = fc.record(
  {
    topicId: fc.constantFrom(...topics.map(({ id }) => id), "topic-unknown"),
    difficulty: fc.constantFrom(...DIFFICULTIES),
    maxParticipants: fc.integer({ min: 1, max: 6 }),
  },
  { requiredKeys: [] },
);

describe("the active pool", () => {
  test("holds after any run of changes what a plain list would, and samples exactly from what fits", () => {
    const change = fc.oneof(
      fc.record({ kind: fc.constant("add" as const), at: fc.nat(entries.length - 1) }),
      fc.record({ kind: fc.constant("remove" as const), at: fc.nat(entries.length - 1) }),
      fc.record({ kind: fc.constant("expire" as const), at: fc.nat(entries.length - 1) }),
    );
    fc.assert(
      fc.property(
        fc.array(change, { maxLength: 150 }),
        anyFilter,
        fc.nat(30),
        fc.string(),
        (changes, filter, n, seed) => {
          const pool = createActivePool();
          const model = new Map<string, PoolEntry>();
          const answers: [given: unknown, right: unknown][] = [];
          for (const { kind, at } of changes) {
            const entry = entries[at] as PoolEntry;
            const wasThere = model.has(entry.id);
            if (kind === "add") {
              answers.push([pool.add(entry), !wasThere]);
              model.set(entry.id, entry);
            } else if (kind === "remove") {
              answers.push([pool.remove(entry.id), wasThere]);
              model.delete(entry.id);
            }
            if (kind !== "expire") continue;
            const over = [...model.values()].filter(({ expiresAtMs }) => expiresAtMs <= entry.expiresAtMs);
            // What is to expire is kept small, so that runs end with something left.
            if (over.length > 3) continue;
            answers.push([pool.expire(entry.expiresAtMs), over.length]);
            for (const { id } of over) model.delete(id);
          }
          const fitting = [...model.values()].filter((entry) => fits(entry, filter));
          for (const [given, right] of answers) expect(given).toBe(right);
          expect(pool.size).toBe(model.size);
          expect(pool.count(filter)).toBe(fitting.length);
          expect(ids(pool.iterate(filter))).toEqual(ids(fitting));
          const sample = [...pool.sample(filter, createRng(seed), n)];
          expect(sample).toHaveLength(Math.min(n, fitting.length));
          expect(new Set(sample).size).toBe(sample.length);
          for (const entry of sample) expect(fitting).toContain(entry);
        },
      ),
      { numRuns: 200 },
    );
  });

  test("parts itself by arms, each combination of which holds exactly what was written for all of it", () => {
    const armsOf = (id: string): string[] => {
      const at = entries.findIndex((entry) => entry.id === id);
      return [...(at % 2 === 0 ? ["even"] : []), ...(at % 3 === 0 ? ["third"] : [])];
    };
    const combinations = [["even"], ["third"], ["even", "third"]];
    const change = fc.record({
      kind: fc.constantFrom("add", "remove", "expire"),
      at: fc.nat(79),
    });
    const anyChanges = fc.array(change, { maxLength: 80 });
    fc.assert(
      fc.property(anyChanges, anyFilter, fc.constantFrom(...combinations), (changes, filter, arms) => {
        const pool = createActivePool(armsOf);
        for (const entry of entries.slice(0, 60)) pool.add(entry);
        for (const { kind, at } of changes) {
          const entry = entries[at] as PoolEntry;
          if (kind === "add") pool.add(entry);
          else if (kind === "remove") pool.remove(entry.id);
          else if (at < 10) pool.expire(entry.expiresAtMs);
        }
        for (const wanted of [filter, {}]) {
          const right = [...pool.iterate(wanted)].filter(({ id }) =>
            arms.every((arm) => armsOf(id).includes(arm)),
          );
          const part = pool.ofArms(arms)?.sample(wanted, createRng("s"), 1000) ?? [];
          expect(ids(part)).toEqual(ids(right));
        }
      }),
      { numRuns: 100 },
    );
  });

  test("has no part for no arms, or for arms that nothing was written for", () => {
    const pool = createActivePool(() => ["one"]);
    pool.add(entries[0]!);
    expect([pool.ofArms([]), pool.ofArms(["other"]), pool.ofArms(["one", "other"])]).toEqual([
      undefined,
      undefined,
      undefined,
    ]);
  });

  test("draws every fitting entry about equally often, and each as often first", () => {
    const pool = createActivePool();
    for (const entry of entries.slice(0, 50)) pool.add(entry);
    const drawn = new Map<string, number>();
    const first = new Map<string, number>();
    const rng = createRng("uniform");
    const fitting = pool.count({ maxParticipants: 3 });
    for (let i = 0; i < 4000; i++) {
      const sample = [...pool.sample({ maxParticipants: 3 }, rng, 5)];
      for (const { id } of sample) drawn.set(id, (drawn.get(id) ?? 0) + 1);
      first.set(sample[0]!.id, (first.get(sample[0]!.id) ?? 0) + 1);
    }
    expect(drawn.size).toBe(fitting);
    const expected = (4000 * 5) / fitting;
    for (const count of drawn.values()) expect(Math.abs(count / expected - 1)).toBeLessThan(0.15);
    for (const count of first.values()) expect(Math.abs(count / (expected / 5) - 1)).toBeLessThan(0.35);
  });

  test("draws no more often from the random source for a large pool than for a small one, and once for each taken", () => {
    const draws = (size: number, taken: number) => {
      const pool = createActivePool();
      for (let i = 0; i < size; i++) pool.add({ ...entries[i % 200]!, id: `e${i}` });
      let calls = 0;
      const sample = pool.sample({}, () => (calls++, 0.5), 12)[Symbol.iterator]();
      for (let i = 0; i < taken; i++) sample.next();
      return calls;
    };
    expect(draws(20_000, 12)).toBe(draws(100, 12));
    expect(draws(20_000, 1)).toBe(1);
  });

  test("tells subscribers which entries left and why, until they unsubscribe", () => {
    const pool = createActivePool();
    for (const entry of entries.slice(0, 3)) pool.add(entry);
    const heard: [readonly string[], string][] = [];
    const unsubscribe = pool.subscribe((left, reason) => heard.push([left, reason]));
    pool.remove(entries[2]!.id);
    pool.expire(entries[0]!.expiresAtMs);
    expect(heard).toEqual([
      [[entries[2]!.id], "removed"],
      [[entries[0]!.id], "expired"],
    ]);
    unsubscribe();
    pool.remove(entries[1]!.id);
    expect(heard).toHaveLength(2);
  });

  test("keeps the mean creation time exact through additions and removals", () => {
    const pool = createActivePool();
    const base = Date.UTC(2026, 0, 1);
    for (const [i, entry] of entries.slice(0, 4).entries())
      pool.add({ ...entry, createdAtMs: base + i * 1000 });
    pool.remove(entries[0]!.id);
    expect(pool.meanCreatedAtMs()).toBe(base + 2000);
  });

  test("refuses an entry no bucket is for, and stays as it was", () => {
    const pool = createActivePool();
    expect(() => pool.add({ ...entries[0]!, participantCount: 6 })).toThrow(RangeError);
    expect(pool.size).toBe(0);
    expect([...pool.sample({}, createRng(""), 5)]).toEqual([]);
  });
});
