import { describe, expect, it } from "vitest";
import { EXPERIMENT_KINDS } from "#schema/experiments.ts";
import { InvalidContentError } from "../pool/read-content.ts";
import { CHAINS, POOLS, WRITERS } from "./experiment.fixture.ts";
import { readExperiments } from "./read-experiments.ts";

const experiment = { id: "e", seed: "s", question: "Which?", isOn: true, share: 0.5, arms: WRITERS };
const read = (...experiments: unknown[]) => readExperiments(JSON.stringify({ experiments }));

describe("the experiments that come with the server", () => {
  it("are one of each kind, and all off", () => {
    const all = readExperiments();
    expect(all.map(({ kind }) => kind).toSorted()).toEqual(EXPERIMENT_KINDS.toSorted());
    expect(all.filter(({ isOn }) => isOn)).toEqual([]);
  });

  it("could all be on at once", () => {
    const all = [POOLS, WRITERS, CHAINS].map((arms, nth) => ({ ...experiment, id: `e${nth}`, arms }));
    expect(read(...all).map(({ kind }) => kind)).toEqual(["pool", "method", "chain"]);
  });
});

describe("an experiment", () => {
  it("has arms that know their place", () => {
    const [{ arms } = { arms: [] }] = read(experiment);
    expect(arms.map(({ key }) => key)).toEqual(["e/template", "e/model", "e/hybrid"]);
    expect(new Set(arms.map(({ salt }) => salt)).size).toBe(3);
  });

  const [first, second] = WRITERS;
  it.each([
    ["an id that is no plain word", [{ ...experiment, id: "E 1" }], "experiments.0.id: must be"],
    ["an arm alone", [{ ...experiment, arms: [first] }], "experiments.0.arms: "],
    ["two arms of one id", [{ ...experiment, arms: [first, first] }], "arms: has two arms of the same id"],
    [
      "arms that set different things",
      [{ ...experiment, arms: [first, POOLS[0]] }],
      "arms: must all set the same",
    ],
    [
      "an arm that sets nothing",
      [{ ...experiment, arms: [first, { ...second, sets: {} }] }],
      "experiments.0.arms.1.sets: must set exactly one",
    ],
    [
      "an arm that sets two things",
      [{ ...experiment, arms: [first, { ...second, sets: { method: "llm", pool: "shared" } }] }],
      "experiments.0.arms.1.sets: must set exactly one",
    ],
    [
      "a provider nobody knows",
      [{ ...experiment, arms: [{ ...first, sets: { chain: ["acme"] } }, CHAINS[1]] }],
      "experiments.0.arms.0.sets.chain",
    ],
    ["a weight of nothing", [{ ...experiment, arms: [{ ...first, weight: 0 }, second] }], "arms.0.weight"],
    ["a share above all", [{ ...experiment, share: 1.5 }], "experiments.0.share"],
    ["a field nobody reads", [{ ...experiment, colour: "red" }], "colour"],
    [
      "two of one id",
      [experiment, { ...experiment, isOn: false }],
      "experiments: has two experiments of the same id",
    ],
    [
      "two on that set the same",
      [experiment, { ...experiment, id: "f" }],
      "experiments: has two experiments on",
    ],
  ])("is refused with %s", (_, experiments, fault) => {
    expect(() => read(...experiments)).toThrow(InvalidContentError);
    expect(() => read(...experiments)).toThrow(fault);
    expect(() => read(...experiments)).toThrow("experiments.yaml");
  });

  it("names every fault at once", () => {
    expect(() => read({ ...experiment, share: -1, seed: "" })).toThrow(/seed.*share|share.*seed/s);
  });
});
