import { groqWire } from "./groq-wire.ts";
import { chatBatchWire } from "./openai-batch-wire.ts";

/** OpenAI's, under a path of their own; the list has one page. */
export const groqBatchWire = { ...chatBatchWire("/openai/v1", groqWire), pages: false };
