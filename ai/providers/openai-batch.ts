import type { BatchModel } from "../batch-model.ts";
import { createChatBatchModel } from "./chat-batch.ts";
import { openOpenAiClient } from "./openai.ts";
import type { VendorOptions } from "./vendor-options.ts";

/** Requests and results are erased there after three days, by when a batch of a day was collected. */
const KEPT = { anchor: "created_at", seconds: 3 * 24 * 3600 } as const;

/** Batches of a model of OpenAI. */
export function createOpenAiBatchModel(options: VendorOptions): BatchModel {
  const client = openOpenAiClient(options);
  return createChatBatchModel(
    "openai",
    options.model,
    {
      upload: async (file, signal) =>
        await client.files.create({ file, purpose: "batch", expires_after: KEPT }, { signal }),
      create: async (order, signal) =>
        await client.batches.create({ ...order, output_expires_after: KEPT }, { signal }),
      retrieve: async (batchId, signal) => await client.batches.retrieve(batchId, { signal }),
      list: (signal) => client.batches.list({ limit: 100 }, { signal }),
      cancel: async (batchId, signal) => await client.batches.cancel(batchId, { signal }),
      content: async (fileId, signal) => await client.files.content(fileId, { signal }),
      erase: async (fileId, signal) => await client.files.delete(fileId, { signal }),
    },
    ({ cacheKey }) => ({ store: false, ...(cacheKey && { prompt_cache_key: cacheKey }) }),
  );
}
