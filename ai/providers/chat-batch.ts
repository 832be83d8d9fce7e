import type { BatchModel, BatchState } from "../batch-model.ts";
import type { ModelRequest } from "../model.ts";
import { createFileBatchModel, type FileBatch, NAME_FIELD } from "./file-batch.ts";
import { fromSdkError } from "./from-sdk-error.ts";
import { type Completion, fromCompletion, toChatParams } from "./openai-chat.ts";
import { fieldsOf } from "./read-json.ts";

type ChatBatchStatus =
  | "validating"
  | "failed"
  | "in_progress"
  | "finalizing"
  | "completed"
  | "expired"
  | "cancelling"
  | "cancelled";

/** The parts of a batch that are read; OpenAI and Groq share them. */
interface ChatBatch {
  readonly id: string;
  readonly status: ChatBatchStatus;
  readonly created_at: number;
  readonly metadata?: unknown;
  readonly output_file_id?: string | null | undefined;
  readonly error_file_id?: string | null | undefined;
  readonly request_counts?: { readonly completed: number; readonly failed: number; readonly total: number };
}

const STATES: Readonly<Record<ChatBatchStatus, BatchState>> = {
  validating: "running",
  in_progress: "running",
  finalizing: "running",
  cancelling: "running",
  completed: "done",
  expired: "done",
  cancelled: "done",
  failed: "failed",
};

/** The calls of an SDK that batches chat completions. */
interface ChatBatchCalls {
  upload(file: File, signal: AbortSignal): Promise<{ readonly id?: string } | null>;
  create(order: BatchOrder, signal: AbortSignal): Promise<ChatBatch>;
  retrieve(batchId: string, signal: AbortSignal): Promise<ChatBatch>;
  list(signal: AbortSignal): AsyncIterable<ChatBatch>;
  cancel(batchId: string, signal: AbortSignal): Promise<unknown>;
  content(fileId: string, signal: AbortSignal): Promise<Response>;
  erase(fileId: string, signal: AbortSignal): Promise<unknown>;
}

interface BatchOrder {
  input_file_id: string;
  endpoint: "/v1/chat/completions";
  completion_window: "24h";
  metadata: Record<string, string>;
}

/** The batches of a model behind such an SDK; what `toExtra` gives is sent with a request. */
export function createChatBatchModel(
  provider: string,
  model: string,
  calls: ChatBatchCalls,
  toExtra: (request: ModelRequest) => object = () => ({}),
): BatchModel {
  return createFileBatchModel(provider, model, {
    upload: async (file, signal) => (await calls.upload(file, signal))?.id,
    create: async (fileId, name, signal) => {
      const order: BatchOrder = {
        input_file_id: fileId,
        endpoint: "/v1/chat/completions",
        completion_window: "24h",
        metadata: { [NAME_FIELD]: name },
      };
      return fromChatBatch(await calls.create(order, signal));
    },
    erase: async (fileId, signal) => await calls.erase(fileId, signal),
    get: async (batchId, signal) => fromChatBatch(await calls.retrieve(batchId, signal)),
    async *list(signal) {
      for await (const batch of calls.list(signal)) yield fromChatBatch(batch);
    },
    cancel: async (batchId, signal) => await calls.cancel(batchId, signal),
    read: async (fileId, signal) => (await calls.content(fileId, signal)).body,
    toBody: (request) => ({ ...toChatParams(model, request), ...toExtra(request) }),
    fromBody: (body) => fromCompletion(provider, body as Completion),
    toError: (thrown, signal, hasBegun) => fromSdkError(thrown, { provider, signal, hasBegun }),
  });
}

/** @throws SyntaxError when it is no batch. */
function fromChatBatch(batch: ChatBatch): FileBatch {
  // A body that does not say it is JSON comes as a string.
  if (!batch?.id || !STATES[batch.status]) throw new SyntaxError("not a batch");
  const { id, status, created_at, metadata, output_file_id, error_file_id, request_counts } = batch;
  const name = fieldsOf(metadata)[NAME_FIELD];
  const { completed = 0, failed = 0, total = 0 } = request_counts ?? {};
  return {
    id,
    state: STATES[status],
    done: completed + failed,
    total,
    name: typeof name === "string" ? name : undefined,
    createdAtMs: created_at * 1000,
    files: [output_file_id, error_file_id].filter((file) => typeof file === "string"),
  };
}
