import { type BatchWire, type HeldBatch, toPage } from "./batch-wire.ts";
import { answerWithFiles } from "./file-batch-wire.ts";
import { chatWire } from "./openai-wire.ts";
import type { VendorWire } from "./vendor-wire.ts";
import { NAME_FIELD } from "../file-batch.ts";

const STATUSES: Readonly<Record<HeldBatch["state"], string>> = {
  running: "in_progress",
  cancelling: "cancelling",
  done: "completed",
  expired: "expired",
  cancelled: "cancelled",
  failed: "failed",
};

export function toChatBatch(batch: HeldBatch, { output, error }: { output?: string; error?: string }) {
  const outcomes = [...batch.outcomes.values()];
  const completed = outcomes.filter(({ type }) => type === "reply").length;
  return {
    id: batch.id,
    object: "batch",
    endpoint: "/v1/chat/completions",
    completion_window: "24h",
    created_at: batch.createdAtMs / 1000,
    input_file_id: "file_1",
    status: STATUSES[batch.state],
    metadata: batch.name === undefined ? null : { [NAME_FIELD]: batch.name },
    request_counts: { total: batch.items.length, completed, failed: outcomes.length - completed },
    ...(output && { output_file_id: output }),
    ...(error && { error_file_id: error }),
    ...(batch.state === "failed" && { errors: { data: [{ code: "invalid", message: "In words." }] } }),
  };
}

/** What the batches of OpenAI and Groq have in common. */
export const chatBatchWire = (
  prefix: string,
  wire: Omit<VendorWire, "provider" | "create">,
): Omit<BatchWire, "provider" | "create"> => ({
  tells: { progress: true, name: true },
  failsWhole: true,
  pages: true,
  lines: true,
  reports: wire.reports,
  readKey: wire.readKey,
  readRequest: (body) => wire.readRequest("", body),
  error: wire.error,
  answer: answerWithFiles(
    {
      files: `${prefix}/files`,
      batches: `${prefix}/batches`,
      toFile: (id) => ({ id, object: "file", bytes: 1, created_at: 1, filename: "f", purpose: "batch" }),
      toBatch: toChatBatch,
      toList(batches, query, show) {
        const after = batches.findIndex(({ id }) => id === query.get("after"));
        const { data, hasMore } = toPage(batches, after + 1, Number(query.get("limit") ?? batches.length));
        return { object: "list", data: data.map(show), has_more: hasMore };
      },
      readFileId: (order) => String(order["input_file_id"]),
      complete: (body) => body,
    },
    wire,
  ),
});

export const openAiBatchWire = chatBatchWire("/v1", chatWire);
