import type { LanguageModel } from "../model.ts";
import { createChatModel } from "./openai.ts";
import type { VendorOptions } from "./vendor-options.ts";

/** A model behind a server of one's own that speaks OpenAI's chat completions, as most of them do. */
export function createLocalModel(options: VendorOptions & { readonly baseUrl: string }): LanguageModel {
  return createChatModel("local", options);
}
