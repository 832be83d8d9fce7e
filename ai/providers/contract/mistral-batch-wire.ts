import { type BatchWire, type HeldBatch, toPage } from "./batch-wire.ts";
import { NAME_FIELD } from "../file-batch.ts";
import { answerWithFiles } from "./file-batch-wire.ts";
import { mistralWire } from "./mistral-wire.ts";

const STATUSES: Readonly<Record<HeldBatch["state"], string>> = {
  running: "RUNNING",
  cancelling: "CANCELLATION_REQUESTED",
  done: "SUCCESS",
  expired: "TIMEOUT_EXCEEDED",
  cancelled: "CANCELLED",
  failed: "FAILED",
};

function toJob(batch: HeldBatch, { output, error }: { output?: string; error?: string }) {
  const outcomes = [...batch.outcomes.values()];
  const succeeded = outcomes.filter(({ type }) => type === "reply").length;
  return {
    id: batch.id,
    object: "batch",
    input_files: ["file_1"],
    metadata: batch.name === undefined ? null : { [NAME_FIELD]: batch.name },
    endpoint: "/v1/chat/completions",
    model: "mistral-small",
    output_file: output ?? null,
    error_file: error ?? null,
    errors: [],
    status: STATUSES[batch.state],
    created_at: batch.createdAtMs / 1000,
    total_requests: batch.items.length,
    completed_requests: outcomes.length,
    succeeded_requests: succeeded,
    failed_requests: outcomes.length - succeeded,
  };
}

/** The shape of the lines is of the documentation: the SDK has no type for them. Errors are taken to be like OpenAI's. */
export const mistralBatchWire: Omit<BatchWire, "provider" | "create"> = {
  tells: { progress: true, name: true },
  failsWhole: true,
  pages: true,
  lines: true,
  reports: mistralWire.reports,
  readKey: mistralWire.readKey,
  readRequest: (body) => mistralWire.readRequest("", body),
  error: mistralWire.error,
  answer: answerWithFiles(
    {
      files: "/v1/files",
      batches: "/v1/batch/jobs",
      toFile: (id) => ({
        id,
        object: "file",
        bytes: 1,
        created_at: 1,
        filename: "f",
        purpose: "batch",
        sample_type: "batch_request",
        source: "upload",
      }),
      toBatch: toJob,
      toList(batches, query, show) {
        const size = Number(query.get("page_size"));
        const { data } = toPage(batches, Number(query.get("page")) * size, size);
        return { object: "list", data: data.map(show), total: batches.length };
      },
      readFileId: (order) => String((order["input_files"] as string[])[0]),
      complete: (body, { model }) => ({ ...body, model }),
    },
    mistralWire,
  ),
};
