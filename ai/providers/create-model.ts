import type { LanguageModel } from "../model.ts";
import type { VendorOptions } from "./vendor-options.ts";

/** Adapters are loaded when they are needed: each brings its vendor's SDK, of 30 to 150 MB in memory. */
const ADAPTERS = {
  groq: async () => (await import("./groq.ts")).createGroqModel,
  anthropic: async () => (await import("./anthropic.ts")).createAnthropicModel,
  mistral: async () => (await import("./mistral.ts")).createMistralModel,
  openai: async () => (await import("./openai.ts")).createOpenAiModel,
  gemini: async () => (await import("./gemini.ts")).createGeminiModel,
  together: async () => (await import("./together.ts")).createTogetherModel,
  local: async () => (await import("./local.ts")).createLocalModel,
} satisfies Record<string, () => Promise<(options: VendorOptions) => LanguageModel>>;

export type ProviderName = keyof typeof ADAPTERS;
export const PROVIDERS = Object.keys(ADAPTERS) as ProviderName[];

/** A model of a provider, whose SDK is loaded with the first one. */
export async function createModel(provider: ProviderName, options: VendorOptions): Promise<LanguageModel> {
  const create = await ADAPTERS[provider]();
  return create(options);
}
