import { describe, expect, it } from "vitest";
import { assignArm } from "./assign-arm.ts";
import { CHAINS, POOLS, sampleExperiments, type Sample } from "./experiment.fixture.ts";
import type { Experiment } from "./read-experiments.ts";
import { createRunningExperiments } from "./running-experiments.ts";

const WATCHED_TASK = "pool-dialogue";

const ids = Array.from({ length: 200 }, (_, nth) => `id-${nth}`);

function open(changes: Sample = {}) {
  const samples: Sample[] = [
    { ...changes, id: "pools", arms: POOLS },
    { ...changes, id: "writers" },
    { ...changes, id: "chains", arms: CHAINS },
  ];
  const [pools, writers, chains] = sampleExperiments(...samples) as [Experiment, Experiment, Experiment];
  return { pools, writers, chains, running: createRunningExperiments([pools, writers, chains]) };
}

describe("while experiments are on", () => {
  const { pools, writers, chains, running } = open();

  it("who takes part gets what their arm sets, a conversation of the pool for its own part", () => {
    for (const id of ids) {
      expect(running.isUnique(id)).toBe(assignArm(pools, id)?.id === "unique");
      expect(running.method({ conversationId: id })).toBe(assignArm(writers, id)?.sets.method);
      expect(running.chain({ conversationId: id })).toBe(assignArm(chains, id)?.sets.chain);
      expect(running.chain({ userId: id, conversationId: "c" })).toBe(assignArm(chains, id)?.sets.chain);
    }
    expect(running.chain({})).toBeUndefined();
  });

  it("a viewer is to be offered conversations that were written the way of all their arms", () => {
    const toArms = (id: string) => [assignArm(writers, id)?.id, assignArm(chains, id)?.id].join(" ");
    for (const userId of ids.slice(0, 20)) {
      const preferred = ids.filter((id) => running.preference(userId)?.(id));
      expect(preferred).toEqual(ids.filter((id) => toArms(id) === toArms(userId)));
    }
  });

  it("a task for a user counts to the arms that it is about", () => {
    const keys = (task: string) => running.armsOfTask(task, { userId: "ann" }).map(({ key }) => key);
    expect(keys("meeting-turn")).toEqual([assignArm(chains, "ann")?.key]);
    expect(keys(WATCHED_TASK)).toEqual([pools, writers, chains].map((each) => assignArm(each, "ann")?.key));
    expect(running.armsOfUser("ann").map(({ key }) => key)).toEqual(keys(WATCHED_TASK));
  });

  it("a conversation of the shared pool never counts to an arm that does not watch it", () => {
    const arms = ids.flatMap((conversationId) => running.armsOfTask(WATCHED_TASK, { conversationId }));
    const counts = Map.groupBy(arms, ({ key }) => key);
    expect(counts.get("pools/unique")).toBeUndefined();
    expect(counts.get("pools/pooled")).toHaveLength(ids.length);
    expect(arms).toHaveLength(3 * ids.length);
    expect(running.armsOfTask(WATCHED_TASK, {})).toEqual([]);
  });
});

describe("what is off, or does not reach a user,", () => {
  it.each([{ isOn: false }, { share: 0 }])("sets nothing and counts nothing (%j)", (changes) => {
    const { running } = open(changes);
    const unit = { userId: "ann", conversationId: "c" };
    expect([running.chain(unit), running.method(unit), running.preference("ann")]).toEqual([
      undefined,
      undefined,
      undefined,
    ]);
    expect(running.isUnique("ann")).toBe(false);
    expect([...running.armsOfTask(WATCHED_TASK, unit), ...running.armsOfUser("ann")]).toEqual([]);
    expect(running.armsOfTask(WATCHED_TASK, { conversationId: "c" })).toEqual([]);
  });
});
