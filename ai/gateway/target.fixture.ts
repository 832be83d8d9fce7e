import type { ModelEntry } from "../catalogue/catalogue-schema.ts";
import type { ProviderName } from "../providers/create-model.ts";

/** A model of the catalogue for tests; prices are dollars per million tokens. */
export function toTarget(
  provider: ProviderName,
  {
    input,
    output,
    censorship = "low",
  }: { input: number; output: number; censorship?: ModelEntry["censorship"] },
): ModelEntry {
  return {
    provider,
    id: `${provider}-model`,
    speed: "fast",
    censorship,
    limits: { contextTokens: 100_000, outputTokens: 8_000 },
    takes: { temperature: true, effort: false },
    batch: 0.5,
    prices: [{ from: 0, input, output }],
  };
}
