import { describe, expect, it } from "vitest";
import { assignArm, assignPoolCost } from "./assign-arm.ts";
import { POOLS, sampleExperiment, WRITERS } from "./experiment.fixture.ts";
import type { Experiment } from "./read-experiments.ts";

const COUNT = 100_000;

const users = (toId: (nth: number) => string): string[] =>
  Array.from({ length: COUNT }, (_, nth) => toId(nth));
const plain = users((nth) => `user-${nth}`);

const armOf = (experiment: Experiment, id: string): string => assignArm(experiment, id)?.id ?? "none";

/** Pearson's statistic of counts against what is expected. */
function chiSquare(observed: ReadonlyMap<string, number>, expected: ReadonlyMap<string, number>): number {
  return [...expected].reduce(
    (sum, [key, wanted]) => sum + ((observed.get(key) ?? 0) - wanted) ** 2 / wanted,
    0,
  );
}

function countBy(ids: readonly string[], toKey: (id: string) => string): Map<string, number> {
  const counts = new Map<string, number>();
  for (const id of ids) {
    const key = toKey(id);
    counts.set(key, (counts.get(key) ?? 0) + 1);
  }
  return counts;
}

const inSixths = new Map(WRITERS.map(({ id, weight }) => [id, (COUNT * weight) / 6]));

describe("the arm of a user", () => {
  it("is the same for ever: changing how it is found moves people in experiments that run", () => {
    const experiment = sampleExperiment();
    const arms = plain.slice(0, 8).map((id) => armOf(experiment, id));
    expect(arms.join(" ")).toBe("hybrid template template hybrid model model hybrid hybrid");
  });

  it.each([
    ["counted ids", (nth: number) => `user-${nth}`],
    ["bare numbers", (nth: number) => String(nth)],
    ["UUIDs", (nth: number) => `b3f1c2d4-0000-4000-8000-${String(nth).padStart(12, "0")}`],
    ["conversations", (nth: number) => `20261122t${nth % 24}-${Math.floor(nth / 24)}`],
  ])("falls as the weights say, for %s", (_, toId) => {
    const ids = users(toId);
    for (const seed of ["a", "b", "2026-11"]) {
      const experiment = sampleExperiment({ seed });
      const counts = countBy(ids, (id) => armOf(experiment, id));
      // Two degrees of freedom: once in 2,000 above 15.2.
      expect(chiSquare(counts, inSixths)).toBeLessThan(15.2);
    }
  });

  it.each([
    ["another id", { id: "writers-2" }],
    ["another seed", { seed: "t" }],
  ])("tells nothing of the arm in an experiment of %s", (_, other) => {
    const [one, two] = [sampleExperiment(), sampleExperiment(other)];
    const counts = countBy(plain, (id) => `${armOf(one, id)}+${armOf(two, id)}`);
    const expected = WRITERS.flatMap((a) =>
      WRITERS.map((b) => [`${a.id}+${b.id}`, (COUNT * a.weight * b.weight) / 36] as const),
    );
    // Eight degrees of freedom: once in 2,000 above 27.9.
    expect(chiSquare(counts, new Map(expected))).toBeLessThan(27.9);
  });

  it("is none for who is outside the share, of whom there are as many as it says, of every arm", () => {
    const all = sampleExperiment();
    const some = sampleExperiment({ share: 0.3 });
    const inside = plain.filter((id) => assignArm(some, id));
    expect(inside.length / COUNT).toBeCloseTo(0.3, 2);
    expect(inside.filter((id) => armOf(some, id) !== armOf(all, id))).toEqual([]);
    const counts = countBy(inside, (id) => armOf(some, id));
    const expected = new Map([...inSixths].map(([id, count]) => [id, (count * inside.length) / COUNT]));
    expect(chiSquare(counts, expected)).toBeLessThan(15.2);
  });

  it("stays when the share grows", () => {
    const [few, more] = [sampleExperiment({ share: 0.1 }), sampleExperiment({ share: 0.2 })];
    const moved = plain.filter((id) => assignArm(few, id) && armOf(few, id) !== armOf(more, id));
    expect(moved).toEqual([]);
  });

  it("is none while the experiment is off, or has no share", () => {
    for (const nobodys of [sampleExperiment({ isOn: false }), sampleExperiment({ share: 0 })]) {
      expect(plain.filter((id) => assignArm(nobodys, id))).toEqual([]);
    }
  });

  it("changes with a weight for no more than it must, and only towards what grew", () => {
    const [template, model, hybrid] = WRITERS;
    const before = sampleExperiment();
    const after = sampleExperiment({ arms: [{ ...template, weight: 3 }, model, hybrid] });
    const moved = plain.filter((id) => armOf(before, id) !== armOf(after, id));
    expect(new Set(moved.map((id) => armOf(after, id)))).toEqual(new Set(["template"]));
    expect(moved.length / COUNT).toBeCloseTo(3 / 8 - 1 / 6, 2);
  });

  it("does not depend on the order of the arms, and a new one takes its part from each", () => {
    const backwards = sampleExperiment({ arms: WRITERS.toReversed() });
    const more = sampleExperiment({
      arms: [{ id: "new", weight: 2, sets: { method: "llm" as const } }, ...WRITERS],
    });
    const before = sampleExperiment();
    expect(plain.filter((id) => armOf(before, id) !== armOf(backwards, id))).toEqual([]);
    const moved = plain.filter((id) => armOf(before, id) !== armOf(more, id));
    expect(moved.every((id) => armOf(more, id) === "new")).toBe(true);
    expect(moved.length / COUNT).toBeCloseTo(2 / 8, 2);
  });
});

describe("what the shared pool costs", () => {
  const charged = (experiment: Experiment): Map<string, number> =>
    countBy(plain, (id) => assignPoolCost(experiment, id)?.id ?? "none");

  it("is charged to the arm that shares it as far as the pool's viewers are of that arm", () => {
    // Half of all take part and half of them share: a quarter, of the three quarters that watch the pool.
    const counts = charged(sampleExperiment({ arms: POOLS, share: 0.5 }));
    expect((counts.get("pooled") ?? 0) / COUNT).toBeCloseTo(1 / 3, 2);
    expect([...counts.keys()].toSorted()).toEqual(["none", "pooled"]);
  });

  it("is charged in full where nobody else watches the pool, and not at all while the experiment is off", () => {
    expect([...charged(sampleExperiment({ arms: POOLS, share: 1 }))]).toEqual([["pooled", COUNT]]);
    expect([...charged(sampleExperiment({ arms: POOLS, isOn: false }))]).toEqual([["none", COUNT]]);
  });

  it("is split among several arms that share it", () => {
    const arms = [...POOLS, { id: "pooled-too", weight: 2, sets: { pool: "shared" as const } }];
    const counts = charged(sampleExperiment({ arms, share: 1 }));
    expect((counts.get("pooled") ?? 0) / COUNT).toBeCloseTo(1 / 3, 2);
    expect((counts.get("pooled-too") ?? 0) / COUNT).toBeCloseTo(2 / 3, 2);
  });
});
