import { createHash } from "node:crypto";
import type Anthropic from "@anthropic-ai/sdk";
import { AnthropicError } from "@anthropic-ai/sdk";
import type { BatchModel, BatchResult, BatchSearch, BatchStatus, LostBatch } from "../batch-model.ts";
import type { ModelReply } from "../model.ts";
import { fromMessage, toMessageParams } from "./anthropic-messages.ts";
import { fromAnthropicError, openAnthropicClient } from "./anthropic.ts";
import { faultOfStatus, type ProviderFault } from "./provider-error.ts";
import { readBatchLines } from "./read-batch-lines.ts";
import { fieldsOf } from "./read-json.ts";
import type { VendorOptions } from "./vendor-options.ts";

const PROVIDER = "anthropic";

/** Their clock may be behind ours. */
const CLOCKS_DIFFER_MS = 10 * 60_000;

/** The status an error of a single item would have had as an answer of its own. */
const STATUSES: Readonly<Record<string, number>> = {
  invalid_request_error: 400,
  authentication_error: 401,
  billing_error: 402,
  permission_error: 403,
  not_found_error: 404,
  request_too_large: 413,
  rate_limit_error: 429,
  overloaded_error: 529,
};

type MessageBatch = Anthropic.Messages.MessageBatch;

/**
 * Batches of a model of Anthropic. They take no name, so the id of every item begins with a mark made of it: by that a
 * lost batch is known once it has ended and its results can be read.
 */
export function createAnthropicBatchModel(options: VendorOptions): BatchModel {
  const { model } = options;
  const client = openAnthropicClient(options);
  const { batches } = client.messages;

  const attempt = async <T>(signal: AbortSignal, run: () => Promise<T>): Promise<T> => {
    try {
      signal.throwIfAborted();
      return await run();
    } catch (error) {
      throw fromAnthropicError(error, {
        provider: PROVIDER,
        signal,
        hasBegun: !(error instanceof AnthropicError),
      });
    }
  };

  /** The SDK's own reader gives up all results for one broken line, and goes wherever an answer sends it. */
  const openResults = async (batchId: string, signal: AbortSignal) => {
    const path = `/v1/messages/batches/${encodeURIComponent(batchId)}/results`;
    const headers = { Accept: "application/binary" };
    const { body } = await client.get(path, { signal, headers, __binaryResponse: true }).asResponse();
    return body ?? new Blob([]).stream();
  };

  async function* readMarked(batchId: string, signal: AbortSignal): AsyncGenerator<BatchResult> {
    const lines = await attempt(signal, async () => await openResults(batchId, signal));
    try {
      for await (const result of readBatchLines(lines, fromLine)) {
        // What came before the abort may still be waiting its turn.
        signal.throwIfAborted();
        yield result;
      }
    } catch (error) {
      throw fromAnthropicError(error, { provider: PROVIDER, signal, hasBegun: true });
    }
  }

  const carriesMark = async (batchId: string, mark: string, signal: AbortSignal): Promise<boolean> => {
    for await (const { id } of readMarked(batchId, signal)) return id.startsWith(mark);
    return false;
  };

  const search = async (lost: LostBatch, signal: AbortSignal): Promise<BatchSearch> => {
    let state: "none" | "unclear" = "none";
    for await (const batch of batches.list({ limit: 100 }, { signal })) {
      if (Date.parse(batch.created_at) < lost.sinceMs - CLOCKS_DIFFER_MS) break;
      if (countOf(batch) !== lost.itemCount) continue;
      if (batch.processing_status !== "ended") state = "unclear";
      else if (batch.results_url && (await carriesMark(batch.id, markOf(lost.name), signal))) {
        return { state: "found", batchId: batch.id };
      }
    }
    return { state };
  };

  return {
    provider: PROVIDER,
    model,
    submit: async (name, items, signal) =>
      await attempt(signal, async () => {
        const requests = items.map(({ id, request }) => ({
          custom_id: markOf(name) + id,
          params: toMessageParams(model, { ...request, signal }),
        }));
        return checkBatch(await batches.create({ requests }, { signal })).id;
      }),
    find: async (lost, signal) => await attempt(signal, async () => await search(lost, signal)),
    look: async (batchId, signal) =>
      await attempt(signal, async () =>
        toStatus(checkBatch(await batches.retrieve(batchId, undefined, { signal }))),
      ),
    async *results(batchId, signal) {
      for await (const result of readMarked(batchId, signal)) {
        yield { ...result, id: result.id.slice(MARK_LENGTH) };
      }
    },
    cancel: async (batchId, signal) =>
      void (await attempt(signal, async () => await batches.cancel(batchId, undefined, { signal }))),
  };
}

const MARK_LENGTH = 13;

/** Twelve letters and digits made of the name, and what parts them from the item's own id. */
const markOf = (name: string): string =>
  `${createHash("sha256")
    .update(name)
    .digest("hex")
    .slice(0, MARK_LENGTH - 1)}-`;

/** A body that does not say it is JSON comes as a string. @throws SyntaxError when it is no batch */
function checkBatch(batch: MessageBatch): MessageBatch {
  if (!batch?.id || !batch.processing_status || !batch.request_counts) throw new SyntaxError("not a batch");
  return batch;
}

const countOf = ({ request_counts: counts }: MessageBatch): number =>
  counts.processing + counts.succeeded + counts.errored + counts.canceled + counts.expired;

/** No batch fails as a whole: one that is accepted ends with a result for each item. */
function toStatus(batch: MessageBatch): BatchStatus {
  const total = countOf(batch);
  return {
    state: batch.processing_status === "ended" ? "done" : "running",
    done: total - batch.request_counts.processing,
    total,
  };
}

function fromLine(line: Readonly<Record<string, unknown>>): ModelReply | ProviderFault {
  const { type, message, error } = fieldsOf(line["result"]);
  switch (type) {
    case "succeeded":
      return fromMessage(PROVIDER, message as Anthropic.Message);
    case "expired":
      return "timeout";
    case "canceled":
      return "aborted";
    case "errored": {
      const { type: said } = fieldsOf(fieldsOf(error)["error"]);
      return faultOfStatus((typeof said === "string" && STATUSES[said]) || 500);
    }
    default:
      return "malformed";
  }
}
