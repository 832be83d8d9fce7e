import { NAME_FIELD } from "../file-batch.ts";
import type { BatchCall, BatchWire, HeldBatch, Office, Outcome } from "./batch-wire.ts";
import { toJson } from "./batch-wire.ts";
import type { VendorWire, WireResponse } from "./vendor-wire.ts";

/** Where a vendor of batches in files keeps things, and how it shows them. */
interface FileBatchDialect {
  readonly files: string;
  readonly batches: string;
  toFile(id: string): object;
  toBatch(batch: HeldBatch, files: { readonly output?: string; readonly error?: string }): object;
  toList(batches: readonly HeldBatch[], query: URLSearchParams, show: (batch: HeldBatch) => object): object;
  /** The field of an order that names the file of requests. */
  readFileId(order: Readonly<Record<string, unknown>>): string;
  /** Adds what the vendor adds to the requests of a batch. */
  complete(body: object, order: Readonly<Record<string, unknown>>): object;
}

/** What vendors of batches in files do with a request. */
export function answerWithFiles(
  dialect: FileBatchDialect,
  wire: Pick<VendorWire, "reply" | "error">,
): BatchWire["answer"] {
  const show = (batch: HeldBatch, office: Office) => dialect.toBatch(batch, toFiles(batch, office, wire));
  return async (call, office) => {
    const { method, path } = call;
    const rest = (prefix: string) => path.slice(prefix.length + 1).split("/");
    if (method === "POST" && path === dialect.files) {
      const id = `file_${office.files.size + 1}`;
      office.files.set(id, await readUpload(call));
      return toJson(dialect.toFile(id));
    }
    if (path.startsWith(`${dialect.files}/`)) {
      const [id = "", what] = rest(dialect.files);
      if (method === "DELETE") return office.files.delete(id) ? toJson({ id, deleted: true }) : undefined;
      return what === "content" ? toContent(office.files.get(id)) : undefined;
    }
    if (method === "POST" && path === dialect.batches) {
      const order = JSON.parse(call.body.toString()) as Record<string, unknown>;
      const items = readLines(office.files.get(dialect.readFileId(order)) ?? "", order, dialect);
      const metadata = order["metadata"] as Record<string, string> | undefined;
      return toJson(show(office.accept({ name: metadata?.[NAME_FIELD], items }), office));
    }
    if (path === dialect.batches) {
      return toJson(dialect.toList(office.batches, call.query, (batch) => show(batch, office)));
    }
    const [id, what] = rest(dialect.batches);
    const batch = office.batches.find((held) => held.id === id);
    if (!batch) return undefined;
    if (what === "cancel") batch.state = "cancelling";
    return toJson(show(batch, office));
  };
}

function toContent(text: string | undefined): WireResponse | undefined {
  if (text === undefined) return undefined;
  return { status: 200, headers: { "content-type": "application/octet-stream" }, body: text };
}

async function readUpload({ body, headers }: BatchCall): Promise<string> {
  const type = headers["content-type"] ?? "";
  const form = await new Response(new Uint8Array(body), { headers: { "content-type": type } }).formData();
  if (form.get("purpose") !== "batch") throw new Error("the file is for something else");
  const file = form.get("file");
  return file instanceof File ? await file.text() : "";
}

function readLines(text: string, order: Readonly<Record<string, unknown>>, dialect: FileBatchDialect) {
  return text.split("\n").map((line) => {
    const { custom_id: id, body } = JSON.parse(line) as { custom_id: string; body: object };
    return { id, body: dialect.complete(body, order) };
  });
}

/** Results and errors lie in files of their own, as far as there are any. */
function toFiles(batch: HeldBatch, { files }: Office, wire: Pick<VendorWire, "reply" | "error">) {
  if (batch.state === "running" || batch.state === "cancelling") return {};
  const outcomes = [...batch.outcomes];
  const write = (id: string, wanted: (outcome: Outcome) => boolean) => {
    const lines = outcomes.filter(([, outcome]) => wanted(outcome)).map((entry) => toLine(...entry, wire));
    if (lines.length > 0) files.set(id, lines.join("\n"));
    return lines.length > 0 ? id : undefined;
  };
  const isAnswer = ({ type }: Outcome) => type === "reply" || type === "broken";
  const output = write(`${batch.id}_output`, isAnswer);
  const error = write(`${batch.id}_error`, (outcome) => !isAnswer(outcome));
  return { ...(output && { output }), ...(error && { error }) };
}

function toLine(id: string, outcome: Outcome, wire: Pick<VendorWire, "reply" | "error">): string {
  const line = (response: object | null, error: object | null) =>
    JSON.stringify({ id: "batch_req_1", custom_id: id, response, error });
  const of = (status_code: number, { body }: WireResponse) =>
    line({ status_code, request_id: "req_1", body: JSON.parse(body) as object }, null);
  if (outcome.type === "reply") return of(200, wire.reply(outcome.answer));
  if (outcome.type === "error") return of(outcome.status, wire.error(outcome.status));
  if (outcome.type === "broken") return line({ status_code: 200 }, null).slice(0, -20);
  return line(null, { code: `batch_${outcome.type}`, message: "What went wrong, in words." });
}
