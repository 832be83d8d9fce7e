import type { ExperimentKind } from "#schema/experiments.ts";
import { parseContent, readContentText } from "../pool/read-content.ts";
import { createRng } from "../rng.ts";
import { type ArmSettings, type ExperimentEntry, ExperimentsFile, kindOf } from "./experiment-schema.ts";

/** One of the ways that are compared. */
export interface Arm {
  readonly experimentId: string;
  readonly id: string;
  /** "experiment/arm" */
  readonly key: string;
  readonly weight: number;
  readonly sets: ArmSettings;
  /** A 32-bit number of its own, by which it draws for each user. */
  readonly salt: number;
}

export interface Experiment {
  readonly id: string;
  readonly seed: string;
  readonly question: string;
  readonly kind: ExperimentKind;
  readonly isOn: boolean;
  /** Of users, or whatever else takes part, 0 to 1. */
  readonly share: number;
  readonly arms: readonly Arm[];
}

const FILE = "experiments.yaml";

/** The experiments in `experiments.yaml`. @throws InvalidContentError naming every fault */
export function readExperiments(
  text = readContentText(new URL(FILE, import.meta.url)),
): readonly Experiment[] {
  return parseContent(FILE, text, ExperimentsFile).experiments.map(toExperiment);
}

function toExperiment({ arms, ...entry }: ExperimentEntry): Experiment {
  return {
    ...entry,
    kind: kindOf(arms[0]?.sets),
    arms: arms.map((arm) => ({
      ...arm,
      experimentId: entry.id,
      key: `${entry.id}/${arm.id}`,
      salt: Math.floor(createRng(arm.id)() * 2 ** 32),
    })),
  };
}
