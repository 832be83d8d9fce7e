import type { BatchModel } from "../batch-model.ts";
import type { ProviderName } from "./create-model.ts";
import type { VendorOptions } from "./vendor-options.ts";

type Adapter = () => Promise<(options: VendorOptions) => BatchModel>;

/** Those that take batches, loaded when they are needed. Together's are of a shape that no SDK here speaks. */
const ADAPTERS: Readonly<Partial<Record<ProviderName, Adapter>>> = {
  groq: async () => (await import("./groq-batch.ts")).createGroqBatchModel,
  anthropic: async () => (await import("./anthropic-batch.ts")).createAnthropicBatchModel,
  mistral: async () => (await import("./mistral-batch.ts")).createMistralBatchModel,
  openai: async () => (await import("./openai-batch.ts")).createOpenAiBatchModel,
  gemini: async () => (await import("./gemini-batch.ts")).createGeminiBatchModel,
};

/** The batches of a provider's model, or undefined where it takes none. */
export async function createBatchModel(
  provider: ProviderName,
  options: VendorOptions,
): Promise<BatchModel | undefined> {
  const create = await ADAPTERS[provider]?.();
  return create?.(options);
}
