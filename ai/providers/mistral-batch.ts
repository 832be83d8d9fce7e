import {
  type BatchJob,
  chatCompletionRequestToJSON,
  chatCompletionResponseFromJSON,
} from "@mistralai/mistralai/models/components";
import type { BatchModel, BatchState } from "../batch-model.ts";
import type { ModelReply, ModelRequest } from "../model.ts";
import { createFileBatchModel, type FileBatch, NAME_FIELD } from "./file-batch.ts";
import { fromMistralError } from "./mistral-errors.ts";
import { fromCompletion, toMistralRequest } from "./mistral-messages.ts";
import { openCall } from "./mistral.ts";
import { ProviderError } from "./provider-error.ts";
import { fieldsOf } from "./read-json.ts";
import type { VendorOptions } from "./vendor-options.ts";

const PROVIDER = "mistral";
const PAGE_SIZE = 100;

const STATES: Readonly<Record<string, BatchState>> = {
  QUEUED: "running",
  RUNNING: "running",
  CANCELLATION_REQUESTED: "running",
  SUCCESS: "done",
  TIMEOUT_EXCEEDED: "done",
  CANCELLED: "done",
  FAILED: "failed",
};

/** Batches of a model of Mistral, whose files are shaped like OpenAI's. The job, not its requests, names the model. */
export function createMistralBatchModel(options: VendorOptions): BatchModel {
  const { model } = options;
  const jobs = (signal: AbortSignal) => openCall(options, signal).client().batch.jobs;
  const files = (signal: AbortSignal) => openCall(options, signal).client().files;

  return createFileBatchModel(PROVIDER, model, {
    upload: async (file, signal) => (await files(signal).upload({ file, purpose: "batch" }, { signal })).id,
    create: async (fileId, name, signal) => {
      const endpoint = "/v1/chat/completions" as const;
      const metadata = { [NAME_FIELD]: name };
      const order = { inputFiles: [fileId], model, endpoint, metadata, timeoutHours: 24 };
      return fromJob(await jobs(signal).create(order, { signal }));
    },
    erase: async (fileId, signal) => await files(signal).delete({ fileId }, { signal }),
    get: async (jobId, signal) => fromJob(await jobs(signal).get({ jobId }, { signal })),
    async *list(signal) {
      for (let page = 0; ; page++) {
        const request = { page, pageSize: PAGE_SIZE, orderBy: "-created" } as const;
        const { data = [] } = await jobs(signal).list(request, { signal });
        yield* data.map(fromJob);
        if (data.length < PAGE_SIZE) return;
      }
    },
    cancel: async (jobId, signal) => await jobs(signal).cancel({ jobId }, { signal }),
    read: async (fileId, signal) => await files(signal).download({ fileId }, { signal }),
    toBody,
    fromBody,
    toError: (thrown, signal, hasBegun) => fromMistralError(thrown, { provider: PROVIDER, signal, hasBegun }),
  });
}

function fromJob(job: BatchJob): FileBatch {
  const { id, status, completedRequests, totalRequests, metadata, createdAt, outputFile, errorFile } = job;
  const name = metadata?.[NAME_FIELD];
  return {
    id,
    // What is new there may still go on.
    state: STATES[status] ?? "running",
    done: completedRequests,
    total: totalRequests,
    name: typeof name === "string" ? name : undefined,
    createdAtMs: createdAt * 1000,
    files: [outputFile, errorFile].filter((file) => typeof file === "string"),
  };
}

/** The SDK knows how a request is written, but takes the lines of a batch as they come. */
function toBody(request: ModelRequest): object {
  const written = fieldsOf(JSON.parse(chatCompletionRequestToJSON(toMistralRequest("", request))));
  const { model: _, stream: __, ...body } = written;
  return body;
}

/** @throws ProviderError when it is no completion. */
function fromBody(body: unknown): ModelReply {
  const raw = fieldsOf(body);
  const read = chatCompletionResponseFromJSON(JSON.stringify({ ...raw, usage: raw["usage"] ?? {} }));
  if (!read.ok) throw new ProviderError(PROVIDER, "malformed");
  return fromCompletion(PROVIDER, { ...read.value, usage: raw["usage"] ? read.value.usage : undefined });
}
