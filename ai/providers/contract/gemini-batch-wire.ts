import { type BatchWire, type HeldBatch, type Outcome, toJson, toPage } from "./batch-wire.ts";
import { geminiWire, toError } from "./gemini-wire.ts";

const STATES: Readonly<Record<HeldBatch["state"], string>> = {
  running: "BATCH_STATE_RUNNING",
  cancelling: "BATCH_STATE_RUNNING",
  done: "BATCH_STATE_SUCCEEDED",
  expired: "BATCH_STATE_EXPIRED",
  cancelled: "BATCH_STATE_CANCELLED",
  failed: "BATCH_STATE_FAILED",
};

/** Of google.rpc.Code. */
const RPC_CODES: Readonly<Record<number, number>> = { 400: 3, 429: 8, 503: 14 };

interface Order {
  readonly batch: {
    readonly displayName?: string;
    readonly inputConfig: {
      readonly requests: {
        readonly requests: readonly {
          readonly request: unknown;
          readonly metadata: { readonly key: string };
        }[];
      };
    };
  };
}

function toInlined([key, outcome]: [string, Outcome]): object {
  return { metadata: { key }, ...toResult(outcome) };
}

function toResult(outcome: Outcome): object {
  const error = (code: number) => ({ error: { code, message: "What went wrong, in words." } });
  if (outcome.type === "reply")
    return { response: JSON.parse(geminiWire.reply(outcome.answer).body) as object };
  if (outcome.type === "broken") return { response: { modelVersion: "model-as-served" } };
  if (outcome.type === "error") return error(RPC_CODES[outcome.status] ?? 13);
  return error(outcome.type === "cancelled" ? 1 : 4);
}

function toOperation(batch: HeldBatch): object {
  const isEnded = batch.state !== "running" && batch.state !== "cancelling";
  const output = { inlinedResponses: { inlinedResponses: [...batch.outcomes].map(toInlined) } };
  return {
    name: `batches/${batch.id}`,
    metadata: {
      model: "models/gemini-3.8-flash",
      displayName: batch.name,
      state: STATES[batch.state],
      createTime: new Date(batch.createdAtMs).toISOString(),
      name: `batches/${batch.id}`,
      ...(isEnded && batch.state !== "failed" && { output }),
    },
    done: isEnded,
    ...(batch.state === "failed" && toError(400)),
  };
}

export const geminiBatchWire: Omit<BatchWire, "provider" | "create"> = {
  tells: { progress: false, name: true },
  failsWhole: true,
  pages: true,
  lines: false,
  reports: geminiWire.reports,
  readKey: geminiWire.readKey,
  readRequest: (body) => geminiWire.readRequest("", body),
  error: geminiWire.error,
  answer({ method, path, query, body }, office) {
    if (method === "POST" && path.endsWith(":batchGenerateContent")) {
      const { displayName, inputConfig } = (JSON.parse(body.toString()) as Order).batch;
      const items = inputConfig.requests.requests.map(({ request, metadata }) => ({
        id: metadata.key,
        body: request,
      }));
      return toJson(toOperation(office.accept({ name: displayName, items })));
    }
    const [, id = "", what] = /\/batches(?:\/(\w+))?(?::(\w+))?$/.exec(path) ?? [];
    if (id === "") {
      const from = Number(query.get("pageToken") ?? 0);
      const { data, hasMore } = toPage(office.batches, from, Number(query.get("pageSize")));
      const nextPageToken = String(from + data.length);
      return toJson({ operations: data.map(toOperation), ...(hasMore && { nextPageToken }) });
    }
    const batch = office.batches.find((held) => held.id === id);
    if (!batch) return undefined;
    if (what === "cancel") batch.state = "cancelling";
    return toJson(what === "cancel" ? {} : toOperation(batch));
  },
};
