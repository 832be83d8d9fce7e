import * as z from "zod";
import { PROVIDERS } from "../providers/create-model.ts";

/** Best first. */
export const SPEEDS = ["instant", "fast", "medium"] as const;
export const CENSORSHIPS = ["low", "medium", "high"] as const;

const usd = z.number().min(0);

/** US dollars per million tokens; what is missing costs as much as plain input. */
const Rates = {
  input: usd,
  output: usd,
  cacheRead: usd.optional(),
  cacheWrite5m: usd.optional(),
  cacheWrite1h: usd.optional(),
  /** Where keeping is billed by time: of each million tokens kept. */
  cacheStoragePerHour: usd.optional(),
};

/** A day in UTC. */
const day = z.iso.date().transform((text) => Date.parse(text));

const PricedFrom = z.union([
  z.strictObject({ from: day, ...Rates }).transform(withStorage),
  z.strictObject({
    from: day,
    tiers: z
      .array(z.strictObject({ upTo: z.int().positive().optional(), ...Rates }).transform(withStorage))
      .min(2),
  }),
]);

interface StorageRates {
  readonly input: number;
  readonly cacheStoragePerHour?: number | undefined;
  readonly cacheWrite5m?: number | undefined;
  readonly cacheWrite1h?: number | undefined;
}

/** Where keeping is billed by time, a write costs its input and the whole span for which it is kept. */
function withStorage<Written extends StorageRates>(rates: Written): Written {
  const { input, cacheStoragePerHour: perHour } = rates;
  if (perHour === undefined) return rates;
  return { cacheWrite5m: input + perHour / 12, cacheWrite1h: input + perHour, ...rates };
}

const ModelEntry = z.strictObject({
  provider: z.enum(PROVIDERS),
  id: z.string().min(1),
  speed: z.enum(SPEEDS),
  censorship: z.enum(CENSORSHIPS),
  limits: z.strictObject({ contextTokens: z.int().positive(), outputTokens: z.int().positive() }),
  takes: z.strictObject({ temperature: z.boolean(), effort: z.boolean() }),
  cacheFromTokens: z.int().positive().optional(),
  batch: z.number().positive().max(1),
  prices: z.array(PricedFrom).min(1),
});

const chain = z.union([z.array(z.enum(PROVIDERS)).min(1), z.enum(["speed", "censorship"])]);

const TaskEntry = z.strictObject({
  models: z.partialRecord(z.enum(PROVIDERS), z.string()).optional(),
  chain: chain.optional(),
  outputTokens: z.int().positive().optional(),
  temperature: z.number().min(0).max(2).optional(),
  effort: z.enum(["low", "medium", "high"]).optional(),
});

const ProviderLimits = z.strictObject({
  concurrency: z.int().positive(),
  requestsPerMinute: z.int().positive(),
});

/** `models.yaml`, as it is written; its head explains the fields. */
export const CatalogueFile = z.strictObject({
  providers: z.record(z.enum(PROVIDERS), ProviderLimits),
  models: z.array(ModelEntry).min(1),
  chain,
  tasks: z
    .record(z.string(), TaskEntry)
    .and(z.object({ default: TaskEntry.required({ models: true, outputTokens: true }) })),
});
export type CatalogueFile = z.infer<typeof CatalogueFile>;
export type ModelEntry = z.infer<typeof ModelEntry>;
export type ProviderLimits = z.infer<typeof ProviderLimits>;
