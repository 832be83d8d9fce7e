import { type BatchJob, type InlinedResponse, JobState } from "@google/genai";
import type { BatchItem, BatchModel, BatchState } from "../batch-model.ts";
import type { ModelReply } from "../model.ts";
import { fromGeminiResponse, toGeminiParams } from "./gemini-messages.ts";
import { fromGeminiError, openGeminiClient } from "./gemini.ts";
import { faultOfStatus, ProviderError, type ProviderFault } from "./provider-error.ts";
import { toBatchResult } from "./read-batch-lines.ts";
import type { VendorOptions } from "./vendor-options.ts";

const PROVIDER = "gemini";

/** The field of a request's metadata that holds the id of its item. */
const ID_FIELD = "key";

/** Whatever is not listed still goes on. */
const ENDED: Readonly<Partial<Record<JobState, BatchState>>> = {
  [JobState.JOB_STATE_SUCCEEDED]: "done",
  [JobState.JOB_STATE_PARTIALLY_SUCCEEDED]: "done",
  [JobState.JOB_STATE_EXPIRED]: "done",
  [JobState.JOB_STATE_CANCELLED]: "done",
  [JobState.JOB_STATE_FAILED]: "failed",
};

/** Of google.rpc.Code, which errors of single items are told in. */
const STATUSES: Readonly<Record<number, number>> = { 3: 400, 5: 404, 7: 403, 8: 429, 14: 503, 16: 401 };
const CANCELLED = 1;
const DEADLINE_EXCEEDED = 4;

/** Batches of a model of Google, of up to 20 MB: requests and results travel in the calls themselves. */
export function createGeminiBatchModel({ model, readKey, baseUrl }: VendorOptions): BatchModel {
  const { batches } = openGeminiClient(baseUrl);

  const attempt = async <T>(
    signal: AbortSignal,
    run: (config: ReturnType<typeof toConfig>) => Promise<T>,
  ): Promise<T> => {
    try {
      signal.throwIfAborted();
      return await run(toConfig(readKey(), signal));
    } catch (error) {
      throw fromGeminiError(error, signal);
    }
  };

  const toInlined = ({ id, request }: BatchItem, signal: AbortSignal) => {
    // The SDK throws an error without any status.
    if (request.messages.length === 0) throw new ProviderError(PROVIDER, "bad-request");
    return { ...toGeminiParams(model, { ...request, signal }), metadata: { [ID_FIELD]: id } };
  };

  const fromInlined = ({ response, error }: InlinedResponse): ModelReply | ProviderFault => {
    if (response) return fromGeminiResponse(PROVIDER, model, response);
    if (error?.code === CANCELLED) return "aborted";
    if (error?.code === DEADLINE_EXCEEDED) return "timeout";
    return error?.code === undefined ? "malformed" : faultOfStatus(STATUSES[error.code] ?? 500);
  };

  const get = async (name: string, signal: AbortSignal): Promise<BatchJob> =>
    await attempt(signal, async (config) => checkJob(await batches.get({ name, config })));

  return {
    provider: PROVIDER,
    model,
    submit: async (displayName, items, signal) =>
      await attempt(signal, async (config) => {
        const src = items.map((item) => toInlined(item, signal));
        const { name } = checkJob(await batches.create({ model, src, config: { ...config, displayName } }));
        return name;
      }),
    find: async ({ name }, signal) =>
      await attempt(signal, async (config) => {
        // In no order that is promised, so all of them are looked at.
        for await (const job of await batches.list({ config: { ...config, pageSize: 100 } })) {
          if (job.displayName === name && job.name) return { state: "found", batchId: job.name };
        }
        return { state: "none" };
      }),
    async look(batchId, signal) {
      const { state, dest } = await get(batchId, signal);
      const count = dest?.inlinedResponses?.length ?? 0;
      return { state: (state && ENDED[state]) ?? "running", done: count, total: count };
    },
    async *results(batchId, signal) {
      const { dest } = await get(batchId, signal);
      for (const inlined of dest?.inlinedResponses ?? []) {
        const id = inlined.metadata?.[ID_FIELD];
        if (id !== undefined) yield toBatchResult(id, () => fromInlined(inlined));
      }
    },
    cancel: async (name, signal) =>
      await attempt(signal, async (config) => await batches.cancel({ name, config })),
  };
}

function toConfig(key: string, abortSignal: AbortSignal) {
  return { abortSignal, httpOptions: { headers: { "x-goog-api-key": key } } };
}

/** @throws SyntaxError when it is no job */
function checkJob(job: BatchJob): BatchJob & { name: string } {
  if (!job.name || !job.state) throw new SyntaxError("not a batch");
  return { ...job, name: job.name };
}
