import * as z from "zod/mini";
import { GENERATION_METHODS } from "./vocabulary.ts";

/** What an experiment varies: whose conversations are watched, how they are written, which models are asked. */
export const EXPERIMENT_KINDS = ["pool", "method", "chain"] as const;
export type ExperimentKind = (typeof EXPERIMENT_KINDS)[number];

export const POOL_MODES = ["shared", "unique"] as const;

const ArmCard = z.object({
  id: z.string(),
  weight: z.number(),
  /** One of the three. */
  sets: z.object({
    pool: z.optional(z.enum(POOL_MODES)),
    method: z.optional(z.enum(GENERATION_METHODS)),
    chain: z.optional(z.union([z.string(), z.array(z.string())])),
  }),
});

export const ExperimentCard = z.object({
  id: z.string(),
  question: z.string(),
  kind: z.enum(EXPERIMENT_KINDS),
  isOn: z.boolean(),
  /** Of all users, 0 to 1. */
  share: z.number(),
  arms: z.array(ArmCard),
});
export type ExperimentCard = z.infer<typeof ExperimentCard>;

/** In the place of a number that would rest on too little. */
export const TOO_FEW = "too-few";
const TooFew = z.literal(TOO_FEW);

/** A value and its 95 % interval. */
const estimate = { value: z.number(), low: z.number(), high: z.number() };
const Figure = z.union([TooFew, z.object(estimate)]);
export type Figure = z.infer<typeof Figure>;

/** By how much an arm is above the first one; told apart from chance where the interval excludes zero. */
const Difference = z.union([TooFew, z.object({ ...estimate, excludesZero: z.boolean() })]);
export type Difference = z.infer<typeof Difference>;

/** Shares are 0 to 1. */
export const FIGURES = [
  "costPerTaskUsd",
  "costPerViewUsd",
  "costPerConversationUsd",
  "latencyMs",
  "refusalShare",
  "offlineShare",
  "repairShare",
  "passShare",
  "watchThrough",
] as const;
export type FigureName = (typeof FIGURES)[number];

const perFigure = <Shape extends z.ZodMiniType>(shape: Shape) =>
  z.object(Object.fromEntries(FIGURES.map((name) => [name, shape])) as Record<FigureName, Shape>);

export const ArmResults = z.object({
  id: z.string(),
  tasks: z.number(),
  modelCalls: z.number(),
  costUsd: z.number(),
  /** Conversations that were written. */
  conversations: z.number(),
  /** Texts of models that were held against the quality gates: where one fails, it is asked once more. */
  checked: z.number(),
  views: z.number(),
  /** Different viewers, within about 2 %. */
  users: z.number(),
  /** Read off bins, within a fifth. */
  latencyP50Ms: z.union([TooFew, z.number()]),
  latencyP95Ms: z.union([TooFew, z.number()]),
  figures: perFigure(Figure),
  /** Null for the first arm. */
  differences: z.nullable(perFigure(Difference)),
});
export type ArmResults = z.infer<typeof ArmResults>;

export const ExperimentResults = z.extend(ExperimentCard, {
  /** Days of UTC, today among them. */
  days: z.number(),
  /** What a figure must rest on not to be "too-few". */
  minimum: z.number(),
  arms: z.array(z.extend(ArmCard, { results: ArmResults })),
});
export type ExperimentResults = z.infer<typeof ExperimentResults>;
