import * as z from "zod";

export const PROVIDERS = ["groq", "anthropic", "mistral", "openai", "gemini", "together", "local"] as const;
export type ProviderName = (typeof PROVIDERS)[number];

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
};

/** A day in UTC. */
const day = z.iso.date().transform((text) => Date.parse(text));

const PricedFrom = z.union([
  z.strictObject({ from: day, ...Rates }),
  z.strictObject({
    from: day,
    tiers: z.array(z.strictObject({ upTo: z.int().positive().optional(), ...Rates })).min(2),
  }),
]);

const ModelEntry = z.strictObject({
  provider: z.enum(PROVIDERS),
  id: z.string().min(1),
  speed: z.enum(SPEEDS),
  censorship: z.enum(CENSORSHIPS),
  limits: z.strictObject({ contextTokens: z.int().positive(), outputTokens: z.int().positive() }),
  takes: z.strictObject({ temperature: z.boolean(), effort: z.boolean() }),
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

/** `models.yaml`, as it is written; its head explains the fields. */
export const CatalogueFile = z.strictObject({
  models: z.array(ModelEntry).min(1),
  chain,
  tasks: z
    .record(z.string(), TaskEntry)
    .and(z.object({ default: TaskEntry.required({ models: true, outputTokens: true }) })),
});
export type CatalogueFile = z.infer<typeof CatalogueFile>;
export type ModelEntry = z.infer<typeof ModelEntry>;
