import type { GateReading } from "./judge-gate.ts";

/** What a run was asked for. */
export interface BenchContext {
  /** A short smoke run: few viewers, one round; its figures mean nothing. */
  readonly quick: boolean;
  /** Given from outside; the order of arms and every pick follows from them. */
  readonly seeds: readonly string[];
  /** The browser that page benchmarks drive: `CHROMIUM_PATH`, or where Debian has it. */
  readonly chromiumPath: string;
  /** Take a CPU profile of the server under test and print its hottest functions. */
  readonly profile: boolean;
  /** Tells a person what is going on; never part of the result. */
  progress(text: string): void;
}

/** A figure is null when it was withheld, say because the load driver was the limit. */
export type Figures = Readonly<Record<string, number | null>>;

export interface BenchResult {
  readonly figures: Figures;
  /** The same figures of several things, by their names. */
  readonly sideBySide?: Readonly<Record<string, Figures>>;
  readonly gates: readonly GateReading[];
  /** What a reader must know to judge the figures. */
  readonly notes?: readonly string[];
}

export interface Bench {
  /** Also the file's name: `<name>.bench.ts`. */
  readonly name: string;
  /** What is measured, in one line. */
  readonly summary: string;
  /** The peer, or what else the figures are held against. */
  readonly comparesWith: string;
  /** @throws when something is broken, as opposed to slow */
  run(context: BenchContext): Promise<BenchResult>;
}

/** Declares a benchmark; the runner finds it by its file's name. */
export function defineBench(bench: Bench): Bench {
  return bench;
}
