import type { LanguageModel } from "../model.ts";
import { createChatModel } from "./openai.ts";
import type { VendorOptions } from "./vendor-options.ts";

const BASE_URL = "https://api.together.xyz/v1";

/** A model of Together, which speaks OpenAI's chat completions. */
export function createTogetherModel(options: VendorOptions): LanguageModel {
  return createChatModel("together", { ...options, baseUrl: options.baseUrl ?? BASE_URL });
}
