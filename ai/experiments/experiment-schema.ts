import * as z from "zod/mini";
import { EXPERIMENT_KINDS, POOL_MODES, type ExperimentKind } from "#schema/experiments.ts";
import { GENERATION_METHODS } from "#schema/vocabulary.ts";
import { PROVIDERS } from "../providers/create-model.ts";

const Name = z
  .string()
  .check(z.regex(/^[a-z0-9-]{1,40}$/, "must be 1 to 40 small letters, digits and hyphens"));

const Chain = z.union([
  z.array(z.enum(PROVIDERS)).check(
    z.minLength(1),
    z.refine((providers) => isDistinct(providers), "names a provider twice"),
  ),
  z.enum(["speed", "censorship"]),
]);
export type Chain = z.infer<typeof Chain>;

const ArmSettings = z
  .strictObject({
    pool: z.optional(z.enum(POOL_MODES)),
    method: z.optional(z.enum(GENERATION_METHODS)),
    chain: z.optional(Chain),
  })
  .check(z.refine((sets) => Object.keys(sets).length === 1, "must set exactly one thing"));
export type ArmSettings = z.infer<typeof ArmSettings>;

const ArmEntry = z.strictObject({
  id: Name,
  weight: z.number().check(z.positive()),
  sets: ArmSettings,
});

const ExperimentEntry = z.strictObject({
  id: Name,
  seed: z.string().check(z.minLength(1), z.maxLength(40)),
  question: z.string().check(z.minLength(1), z.maxLength(200)),
  isOn: z.boolean(),
  share: z.number().check(z.minimum(0), z.maximum(1)),
  arms: z.array(ArmEntry).check(
    z.minLength(2),
    z.refine((arms) => isDistinct(arms.map(({ id }) => id)), "has two arms of the same id"),
    z.refine(
      (arms) => new Set(arms.map(({ sets }) => kindOf(sets))).size <= 1,
      "must all set the same thing",
    ),
  ),
});
export type ExperimentEntry = z.infer<typeof ExperimentEntry>;

/** `experiments.yaml`, as it is written. */
export const ExperimentsFile = z.strictObject({
  experiments: z.array(ExperimentEntry).check(
    z.refine((all) => isDistinct(all.map(({ id }) => id)), "has two experiments of the same id"),
    z.refine(
      (all) => isDistinct(all.filter(({ isOn }) => isOn).map(({ arms }) => kindOf(arms[0]?.sets))),
      "has two experiments on that set the same thing",
    ),
  ),
});

/** What is set; the chain where nothing is, which the schema refuses anyway. */
export function kindOf(sets: ArmSettings = {}): ExperimentKind {
  return EXPERIMENT_KINDS.find((kind) => sets[kind] !== undefined) ?? "chain";
}

function isDistinct(items: readonly unknown[]): boolean {
  return new Set(items).size === items.length;
}
