import type { LanguageModel } from "../model.ts";
import { createChatModel } from "./openai.ts";
import type { VendorOptions } from "./vendor-options.ts";

/** Where Ollama listens. */
const BASE_URL = "http://127.0.0.1:11434/v1";

/**
 * A model behind a server of one's own that speaks OpenAI's chat completions, as most of them do. The limit of tokens is
 * sent under its old name as well: several servers know no other, and would write on without end.
 */
export function createLocalModel(options: VendorOptions): LanguageModel {
  const address = { ...options, baseUrl: options.baseUrl ?? BASE_URL };
  return createChatModel("local", address, ({ maxOutputTokens }) => ({ max_tokens: maxOutputTokens }));
}
