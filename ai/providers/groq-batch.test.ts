import { describeBatches } from "./contract/batch-rules.ts";
import { groqBatchWire } from "./contract/groq-batch-wire.ts";
import { createGroqBatchModel } from "./groq-batch.ts";

describeBatches({
  ...groqBatchWire,
  provider: "groq",
  create: (baseUrl, readKey) => createGroqBatchModel({ model: "openai/gpt-oss-120b", readKey, baseUrl }),
});
