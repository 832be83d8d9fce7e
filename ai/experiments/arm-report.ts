import {
  type ArmResults,
  type Difference,
  type ExperimentCard,
  type ExperimentResults,
  type Figure,
  type FigureName,
  FIGURES,
  TOO_FEW,
} from "#schema/experiments.ts";
import type { StoredArmDay } from "#schema/stored/arm-day.ts";
import { countUnique, fromText } from "../pool/unique-counter.ts";
import { addArmDays, type ArmSums } from "./arm-sums.ts";
import {
  estimateDifference,
  estimateMean,
  estimateRatio,
  estimateShare,
  type Estimate,
} from "./intervals.ts";
import { readPercentile } from "./latency-bins.ts";
import type { Arm, Experiment } from "./read-experiments.ts";

/** Of tasks, conversations or views: below it normal intervals of skewed costs and latencies are too narrow. */
export const MINIMUM = 100;

const NANO = 1e9;

const READ: Readonly<Record<FigureName, (sums: ArmSums) => Figure>> = {
  costPerTaskUsd: ({ tasks, costNanoUsd, costSquares }) =>
    ifEnough([tasks], () => toUsd(estimateMean(costNanoUsd, costSquares, tasks))),
  costPerViewUsd: ({ tasks, views, costNanoUsd, costSquares }) =>
    ifEnough([tasks, views], () => toUsd(estimateRatio(costNanoUsd, costSquares, views))),
  costPerConversationUsd: ({ tasks, conversations, costNanoUsd, costSquares }) =>
    ifEnough([tasks, conversations], () => toUsd(estimateRatio(costNanoUsd, costSquares, conversations))),
  latencyMs: ({ tasks, latencySumMs, latencySquares }) =>
    ifEnough([tasks], () => estimateMean(latencySumMs, latencySquares, tasks)),
  refusalShare: ({ tasks, refusals }) => toShare(refusals, tasks),
  offlineShare: ({ tasks, offline }) => toShare(offline, tasks),
  repairShare: ({ tasks, repairs }) => toShare(repairs, tasks),
  passShare: ({ checked, passed }) => toShare(passed, checked),
  watchThrough: ({ views, finished }) => toShare(finished, views),
};

/** What an operator is told of an experiment without its results. */
export function toExperimentCard({ id, question, kind, isOn, share, arms }: Experiment): ExperimentCard {
  return { id, question, kind, isOn, share, arms: arms.map(toArmCard) };
}

/** Results by arm from the records of so many days; records of arms that are no more are left out. */
export function reportExperiment(
  experiment: Experiment,
  records: readonly StoredArmDay[],
  days: number,
): ExperimentResults {
  const byArm = Map.groupBy(records, ({ armId }) => armId);
  let first: ArmResults["figures"] | undefined;
  const arms = experiment.arms.map((arm) => {
    const results = reportArm(arm.id, byArm.get(arm.id) ?? [], first);
    first ??= results.figures;
    return { ...toArmCard(arm), results };
  });
  return { ...toExperimentCard(experiment), days, minimum: MINIMUM, arms };
}

function reportArm(
  id: string,
  records: readonly StoredArmDay[],
  first: ArmResults["figures"] | undefined,
): ArmResults {
  const sums = addArmDays(records);
  const { tasks, modelCalls, costNanoUsd, conversations, checked, views, latencyBins } = sums;
  const figures = perFigure((name) => READ[name](sums));
  const percentile = (share: number) =>
    tasks < MINIMUM ? TOO_FEW : (readPercentile(latencyBins, share) ?? TOO_FEW);
  return {
    id,
    tasks,
    modelCalls,
    costUsd: costNanoUsd / NANO,
    conversations,
    checked,
    views,
    users: countUnique(records.map(({ users }) => fromText(users))),
    latencyP50Ms: percentile(0.5),
    latencyP95Ms: percentile(0.95),
    figures,
    differences: first ? perFigure((name) => toDifference(first[name], figures[name])) : null,
  };
}

function perFigure<Value>(read: (name: FigureName) => Value): Record<FigureName, Value> {
  return Object.fromEntries(FIGURES.map((name) => [name, read(name)])) as Record<FigureName, Value>;
}

function toDifference(first: Figure, other: Figure): Difference {
  if (first === TOO_FEW || other === TOO_FEW) return TOO_FEW;
  const difference = estimateDifference(first, other);
  return { ...difference, excludesZero: difference.low > 0 || difference.high < 0 };
}

function ifEnough(counts: readonly number[], read: () => Estimate): Figure {
  return counts.every((count) => count >= MINIMUM) ? read() : TOO_FEW;
}

const toShare = (part: number, whole: number): Figure => ifEnough([whole], () => estimateShare(part, whole));

const toUsd = ({ value, low, high }: Estimate): Estimate => ({
  value: value / NANO,
  low: low / NANO,
  high: high / NANO,
});

const toArmCard = ({ id, weight, sets }: Arm): ExperimentCard["arms"][number] => ({ id, weight, sets });
