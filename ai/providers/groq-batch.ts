import type { BatchModel } from "../batch-model.ts";
import { createChatBatchModel } from "./chat-batch.ts";
import { openGroqClient } from "./groq.ts";
import type { VendorOptions } from "./vendor-options.ts";

/** Batches of a model of Groq, shaped like OpenAI's. Its list of batches has one page. */
export function createGroqBatchModel(options: VendorOptions): BatchModel {
  const client = openGroqClient(options);
  return createChatBatchModel("groq", options.model, {
    upload: async (file, signal) => await client().files.create({ file, purpose: "batch" }, { signal }),
    create: async (order, signal) => await client().batches.create(order, { signal }),
    retrieve: async (batchId, signal) => await client().batches.retrieve(batchId, { signal }),
    async *list(signal) {
      yield* (await client().batches.list({ signal })).data;
    },
    cancel: async (batchId, signal) => await client().batches.cancel(batchId, { signal }),
    content: async (fileId, signal) => await client().files.content(fileId, { signal }),
    erase: async (fileId, signal) => await client().files.delete(fileId, { signal }),
  });
}
