import type { LanguageModel } from "../model.ts";
import { createChatModel } from "./openai.ts";
import type { VendorOptions } from "./vendor-options.ts";

/** Where Ollama listens. */
const BASE_URL = "http://127.0.0.1:11434/v1";

/** A model behind a server of one's own that speaks OpenAI's chat completions, as most of them do. */
export function createLocalModel(options: VendorOptions): LanguageModel {
  return createChatModel("local", { ...options, baseUrl: options.baseUrl ?? BASE_URL });
}
