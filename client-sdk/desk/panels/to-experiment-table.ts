import {
  FIGURES,
  TOO_FEW,
  type ArmResults,
  type Difference,
  type ExperimentResults,
  type Figure,
  type FigureName,
} from "#schema/experiments.ts";
import { toMoney } from "../../demo/parts/to-money.ts";
import { strings } from "../strings.ts";
import { toCount, toShare, toSpan } from "../to-words.ts";

const words = strings.experiments;

interface ExperimentTable {
  /** The figure's name, each arm, and each other arm against the first. */
  readonly columns: readonly string[];
  readonly rows: readonly (readonly string[])[];
}

type Format = (value: number) => string;

const COUNTS = ["tasks", "modelCalls", "costUsd", "conversations", "checked", "views", "users"] as const;
const PERCENTILES = ["latencyP50Ms", "latencyP95Ms"] as const;

/** An experiment's results by arm, a row for each figure, each with its interval. */
export function toExperimentTable({ arms }: ExperimentResults): ExperimentTable {
  const results = arms.map((arm) => arm.results);
  const [first, ...others] = results;
  const nothing = others.map(() => "");
  return {
    columns: [
      words.first,
      ...results.map(({ id }) => id),
      ...others.map(({ id }) => words.against(id, first?.id ?? "")),
    ],
    rows: [
      ...COUNTS.map((name) => [
        words.counts[name],
        ...results.map((arm) => (name === "costUsd" ? toMoney(arm[name]) : toCount(arm[name]))),
        ...nothing,
      ]),
      ...PERCENTILES.map((name) => [words[name], ...results.map((arm) => toTime(arm[name])), ...nothing]),
      ...FIGURES.map((name) => [
        words.figures[name],
        ...results.map((arm) => tell(arm.figures[name], toFormat(name, toShare))),
        ...others.map((arm) => compare(arm, name)),
      ]),
    ],
  };
}

function toFormat(name: FigureName, ofShares: Format): Format {
  if (name.endsWith("Usd")) return toMoney;
  return name.endsWith("Ms") ? toSpan : ofShares;
}

/** By how much one share is above another. */
const toPoints = (value: number): string => words.points(toCount(value * 100, 1));

const toTime = (latency: ArmResults["latencyP50Ms"]): string =>
  latency === TOO_FEW ? words.tooFew : toSpan(latency);

function tell(figure: Figure, format: Format): string {
  if (figure === TOO_FEW) return words.tooFew;
  return `${format(figure.value)} (${words.range(format(figure.low), format(figure.high))})`;
}

function compare({ differences }: ArmResults, name: FigureName): string {
  const difference: Difference = differences?.[name] ?? TOO_FEW;
  if (difference === TOO_FEW) return words.tooFew;
  const told = tell(difference, withSign(toFormat(name, toPoints)));
  return `${told}, ${difference.excludesZero ? words.clear : words.chance}`;
}

/** Formats are made for what is not negative. */
const withSign =
  (format: Format): Format =>
  (value) => {
    if (value === 0) return format(0);
    return `${value > 0 ? "+" : "−"}${format(Math.abs(value))}`;
  };
