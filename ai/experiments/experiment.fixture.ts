import type { ArmSettings } from "./experiment-schema.ts";
import { readExperiments, type Experiment } from "./read-experiments.ts";

export interface Sample {
  readonly id?: string;
  readonly seed?: string;
  readonly isOn?: boolean;
  readonly share?: number;
  readonly arms?: readonly { readonly id: string; readonly weight: number; readonly sets: ArmSettings }[];
}

export const WRITERS = [
  { id: "template", weight: 1, sets: { method: "template" } },
  { id: "model", weight: 2, sets: { method: "llm" } },
  { id: "hybrid", weight: 3, sets: { method: "hybrid" } },
] as const;

export const POOLS = [
  { id: "pooled", weight: 1, sets: { pool: "shared" } },
  { id: "unique", weight: 1, sets: { pool: "unique" } },
] as const;

export const CHAINS = [
  { id: "usual", weight: 1, sets: { chain: ["groq", "mistral"] as ["groq", "mistral"] } },
  { id: "open", weight: 1, sets: { chain: "censorship" } },
] as const;

/** Experiments that are on and everybody's, unless they are said to be otherwise; checked like written ones. */
export function sampleExperiments(...samples: readonly Sample[]): readonly Experiment[] {
  const usual = { id: "writers", seed: "s", question: "Which?", isOn: true, share: 1, arms: WRITERS };
  return readExperiments(JSON.stringify({ experiments: samples.map((sample) => ({ ...usual, ...sample })) }));
}

export function sampleExperiment(sample: Sample = {}): Experiment {
  return sampleExperiments(sample)[0] as Experiment;
}
