import type { BatchItem, BatchModel, BatchResult, BatchState } from "../batch-model.ts";
import type { ModelReply, ModelRequest } from "../model.ts";
import { fromSdkError } from "./from-sdk-error.ts";
import { ProviderError, type ProviderFault } from "./provider-error.ts";
import { readBatchLines } from "./read-batch-lines.ts";
import { fieldsOf } from "./read-json.ts";

/** A batch as these vendors describe it. */
export interface FileBatch {
  readonly id: string;
  readonly state: BatchState;
  readonly done: number;
  readonly total: number;
  /** Ours, from its metadata. */
  readonly name: string | undefined;
  readonly createdAtMs: number;
  /** Of results and of errors, as far as there are any. */
  readonly files: readonly string[];
}

/** The field of a batch's metadata that holds our name for it. */
export const NAME_FIELD = "parley_batch";

/** Their clock may be behind ours. */
const CLOCKS_DIFFER_MS = 10 * 60_000;

/** The calls of an SDK whose batches are files of JSON lines. */
interface FileBatchCalls {
  /** Gives the file's id. */
  upload(file: File, signal: AbortSignal): Promise<string | undefined>;
  create(fileId: string, name: string, signal: AbortSignal): Promise<FileBatch>;
  erase(fileId: string, signal: AbortSignal): Promise<unknown>;
  get(batchId: string, signal: AbortSignal): Promise<FileBatch>;
  /** Newest first. */
  list(signal: AbortSignal): AsyncIterable<FileBatch>;
  cancel(batchId: string, signal: AbortSignal): Promise<unknown>;
  read(fileId: string, signal: AbortSignal): Promise<ReadableStream<Uint8Array> | null>;
  /** A request as a line holds it. */
  toBody(request: ModelRequest): object;
  /** @throws ProviderError when it is no completion. */
  fromBody(body: unknown): ModelReply;
  toError(thrown: unknown, signal: AbortSignal, hasBegun: boolean): ProviderError;
}

/** The batches of a model behind such an SDK. */
export function createFileBatchModel(provider: string, model: string, calls: FileBatchCalls): BatchModel {
  const attempt = async <T>(signal: AbortSignal, run: () => Promise<T>): Promise<T> => {
    try {
      signal.throwIfAborted();
      return await run();
    } catch (error) {
      throw error instanceof ProviderError ? error : calls.toError(error, signal, false);
    }
  };

  /** The file of a batch that was refused is of no use; without a clear answer, the vendor may be at work on it. */
  const createOf = async (fileId: string, name: string, signal: AbortSignal): Promise<FileBatch> => {
    try {
      return await calls.create(fileId, name, signal);
    } catch (error) {
      const failure = calls.toError(error, signal, false);
      if (isRefusal(failure)) await calls.erase(fileId, signal).catch(() => undefined);
      throw failure;
    }
  };

  const fromLine = ({ response, error }: Readonly<Record<string, unknown>>): ModelReply | ProviderFault => {
    const { status_code: status, body } = fieldsOf(response);
    if (status === 200) return calls.fromBody(body);
    return faultOf(provider, status, error ?? body);
  };

  return {
    provider,
    model,
    submit: async (name, items, signal) =>
      await attempt(signal, async () => {
        const fileId = await calls.upload(
          toFile(name, items, (item) => calls.toBody({ ...item.request, signal })),
          signal,
        );
        if (!fileId) throw new SyntaxError("an upload without an id");
        return (await createOf(fileId, name, signal)).id;
      }),
    find: async ({ name, sinceMs }, signal) =>
      await attempt(signal, async () => {
        for await (const batch of calls.list(signal)) {
          if (batch.name === name) return { state: "found", batchId: batch.id };
          if (batch.createdAtMs < sinceMs - CLOCKS_DIFFER_MS) break;
        }
        return { state: "none" };
      }),
    look: async (batchId, signal) =>
      await attempt(signal, async () => {
        const { state, done, total } = await calls.get(batchId, signal);
        return { state, done, total };
      }),
    async *results(batchId, signal): AsyncGenerator<BatchResult> {
      const { files } = await attempt(signal, async () => await calls.get(batchId, signal));
      for (const file of files) {
        const lines = await attempt(signal, async () => await calls.read(file, signal));
        if (!lines) continue;
        try {
          for await (const result of readBatchLines(lines, fromLine)) {
            // What came before the abort may still be waiting its turn.
            signal.throwIfAborted();
            yield result;
          }
        } catch (error) {
          throw calls.toError(error, signal, true);
        }
      }
    },
    cancel: async (batchId, signal) =>
      void (await attempt(signal, async () => await calls.cancel(batchId, signal))),
  };
}

function toFile(name: string, items: readonly BatchItem[], toBody: (item: BatchItem) => object): File {
  const lines = items.map((item) =>
    JSON.stringify({ custom_id: item.id, method: "POST", url: "/v1/chat/completions", body: toBody(item) }),
  );
  return new File([lines.join("\n")], `${name}.jsonl`, { type: "application/jsonl" });
}

const isRefusal = ({ status = 0, fault }: ProviderError): boolean =>
  status >= 400 && status < 500 && fault !== "server";

/** Why an item has no answer: codes and numbers tell, words may quote the request. */
function faultOf(provider: string, status: unknown, error: unknown): ProviderFault {
  const { code } = fieldsOf(error);
  if (code === "batch_expired") return "timeout";
  if (code === "batch_cancelled") return "aborted";
  if (error === undefined || error === null) return "malformed";
  const said = typeof status === "number" ? { status, error } : { error };
  return fromSdkError(said, { provider, signal: NEVER, hasBegun: false }).fault;
}

const NEVER = new AbortController().signal;
