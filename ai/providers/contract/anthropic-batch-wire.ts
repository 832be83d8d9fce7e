import { messagesWire } from "./anthropic-wire.ts";
import { type BatchWire, type HeldBatch, type Outcome, toJson, toPage } from "./batch-wire.ts";

const PATH = "/v1/messages/batches";

function toBatch(batch: HeldBatch) {
  const isEnded = batch.state !== "running" && batch.state !== "cancelling";
  const outcomes = [...batch.outcomes.values()];
  const count = (type: Outcome["type"]) => (isEnded ? outcomes.filter((one) => one.type === type).length : 0);
  const counts = {
    succeeded: count("reply") + count("broken"),
    errored: count("error"),
    expired: count("expired"),
    canceled: count("cancelled"),
  };
  const done = Object.values(counts).reduce((sum, each) => sum + each, 0);
  return {
    id: batch.id,
    type: "message_batch",
    processing_status: isEnded ? "ended" : batch.state === "running" ? "in_progress" : "canceling",
    // Until it ends, all of them are.
    request_counts: { processing: batch.items.length - done, ...counts },
    created_at: new Date(batch.createdAtMs).toISOString(),
    results_url: isEnded ? `https://elsewhere.example${PATH}/${batch.id}/results` : null,
  };
}

function toResult(outcome: Outcome): object {
  if (outcome.type === "reply") {
    return { type: "succeeded", message: JSON.parse(messagesWire.reply(outcome.answer).body) as object };
  }
  if (outcome.type === "error") {
    return { type: "errored", error: JSON.parse(messagesWire.error(outcome.status).body) as object };
  }
  return { type: outcome.type === "cancelled" ? "canceled" : "expired" };
}

function toLine([id, outcome]: [string, Outcome]): string {
  const line = JSON.stringify({ custom_id: id, result: toResult(outcome) });
  return outcome.type === "broken" ? line.slice(0, -10) : line;
}

export const anthropicBatchWire: Omit<BatchWire, "provider" | "create"> = {
  tells: { progress: true, name: false },
  failsWhole: false,
  pages: true,
  lines: true,
  reports: messagesWire.reports,
  readKey: messagesWire.readKey,
  readRequest: (body) => messagesWire.readRequest("", body),
  error: messagesWire.error,
  answer({ method, path, query, body }, office) {
    if (method === "POST" && path === PATH) {
      const { requests } = JSON.parse(body.toString()) as {
        requests: { custom_id: string; params: unknown }[];
      };
      const items = requests.map(({ custom_id, params }) => ({ id: custom_id, body: params }));
      return toJson(toBatch(office.accept({ name: undefined, items })));
    }
    if (path === PATH) {
      const after = office.batches.findIndex(({ id }) => id === query.get("after_id"));
      const { data, hasMore } = toPage(office.batches, after + 1, Number(query.get("limit")));
      return toJson({ data: data.map(toBatch), has_more: hasMore, last_id: data.at(-1)?.id });
    }
    const [id, what] = path.slice(PATH.length + 1).split("/");
    const batch = office.batches.find((held) => held.id === id);
    if (!batch) return undefined;
    if (what === "results") {
      const headers = { "content-type": "application/x-jsonl" };
      return { status: 200, headers, body: [...batch.outcomes].map(toLine).join("\n") };
    }
    if (what === "cancel") batch.state = "cancelling";
    return toJson(toBatch(batch));
  },
};
