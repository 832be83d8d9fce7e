import type { ExperimentCard, ExperimentResults } from "#schema/experiments.ts";
import type { Clock } from "#ai/clock.ts";
import { createArmCounters, DAY_MS, toDayStartMs, type TaskNote } from "#ai/experiments/arm-counters.ts";
import { reportExperiment, toExperimentCard } from "#ai/experiments/arm-report.ts";
import { createArmReporter } from "#ai/experiments/arm-reporter.ts";
import type { ArmDaysPort } from "#ai/experiments/ports.ts";
import { readExperiments, type Experiment } from "#ai/experiments/read-experiments.ts";
import {
  createRunningExperiments,
  type RunningExperiments,
  type TaskUnit,
} from "#ai/experiments/running-experiments.ts";
import type { WrittenArms } from "#ai/pool/active-pool.ts";
import type { PoolLog } from "#ai/pool/pool-log.ts";
import { createWrittenArms } from "./written-arms.ts";

/** The experiments of this server: who is in which arm, and how the arms do. */
export interface Experiments {
  readonly running: RunningExperiments;
  /** By which the pool is parted; undefined where it is not. */
  readonly arms: WrittenArms | undefined;
  noteTask(task: string, unit: TaskUnit, note: TaskNote): void;
  /** A conversation was written. */
  noteConversation(unit: TaskUnit): void;
  /** A model's text was held against the quality gates. */
  noteQuality(unit: TaskUnit, passed: boolean): void;
  noteView(userId: string, view: { readonly finished: boolean }): void;
  list(): ExperimentCard[];
  /** Of the last days in UTC, today among them; null for an unknown experiment. @throws what the store throws */
  results(id: string, days: number): Promise<ExperimentResults | null>;
  start(): void;
  /** Writes what is left. */
  stop(): Promise<void>;
}

export interface ExperimentsOptions {
  readonly armDays: ArmDaysPort;
  /** Names this process among others, anew at every start. */
  readonly processName: string;
  readonly clock: Clock;
  readonly log: Pick<PoolLog, "info" | "warn">;
  /** Those in the server's own file when left out. */
  readonly experiments?: readonly Experiment[] | undefined;
}

/** Nothing is written until it is started. @throws InvalidContentError for experiments that cannot be used */
export function createExperiments(options: ExperimentsOptions): Experiments {
  const { armDays, clock, log, experiments = readExperiments() } = options;
  const running = createRunningExperiments(experiments);
  const counters = createArmCounters(options.processName, clock);
  const reporter = createArmReporter({ counters, armDays, clock, log });
  return {
    running,
    arms: createWrittenArms(experiments, running),
    noteTask(task, unit, note) {
      for (const arm of running.armsOfTask(task, unit)) counters.noteTask(arm, note);
    },
    noteConversation(unit) {
      for (const arm of running.armsOfConversation(unit)) counters.noteConversation(arm);
    },
    noteQuality(unit, passed) {
      for (const arm of running.armsOfConversation(unit)) counters.noteQuality(arm, passed);
    },
    noteView(userId, view) {
      for (const arm of running.armsOfUser(userId)) counters.noteView(arm, userId, view);
    },
    list: () => experiments.map(toExperimentCard),
    async results(id, days) {
      const experiment = experiments.find((each) => each.id === id);
      if (!experiment) return null;
      await reporter.report();
      const sinceMs = toDayStartMs(clock.nowMs()) - (days - 1) * DAY_MS;
      return reportExperiment(experiment, await Array.fromAsync(armDays.since(id, sinceMs)), days);
    },
    start: () => reporter.start(),
    stop: () => reporter.stop(),
  };
}
