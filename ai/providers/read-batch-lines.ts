import type { BatchResult } from "../batch-model.ts";
import type { ModelReply, ModelUsage } from "../model.ts";
import { ProviderError, type ProviderFault } from "./provider-error.ts";
import { fieldsOf, readJson } from "./read-json.ts";

/** The ids of items need no escapes, so one can be read even where the rest of its line is broken. */
const CUSTOM_ID = /"custom_id"\s*:\s*"([A-Za-z0-9_-]+)"/;

type LineFields = Readonly<Record<string, unknown>>;

/**
 * The results in a file of JSON lines. A line that cannot be read spoils its own item alone; one that does not even say
 * which item it is about is left out.
 */
export async function* readBatchLines(
  lines: ReadableStream<Uint8Array>,
  fromLine: (line: LineFields) => ModelReply | ProviderFault,
): AsyncGenerator<BatchResult> {
  for await (const line of splitLines(lines)) {
    const id = CUSTOM_ID.exec(line)?.[1];
    if (id !== undefined) yield toBatchResult(id, () => fromLine(fieldsOf(readJson(line))));
  }
}

/** What reading one result comes to; whatever it throws is about that result alone. */
export function toBatchResult(id: string, read: () => ModelReply | ProviderFault): BatchResult {
  try {
    const said = read();
    return typeof said === "string" ? { id, fault: said } : { id, reply: withSoundUsage(said) };
  } catch (error) {
    return { id, fault: error instanceof ProviderError ? error.fault : "malformed" };
  }
}

/** Counts that are no counts are none: nothing could be booked by them. */
function withSoundUsage(reply: ModelReply): ModelReply {
  return reply.usage && !isSound(reply.usage) ? { ...reply, usage: undefined } : reply;
}

function isSound({ cacheWriteTokens, ...counts }: ModelUsage): boolean {
  const all = [...Object.values(counts), ...Object.values(cacheWriteTokens)];
  return all.every((count) => Number.isSafeInteger(count) && count >= 0);
}

async function* splitLines(bytes: ReadableStream<Uint8Array>): AsyncGenerator<string> {
  const decoder = new TextDecoder();
  let rest = "";
  for await (const chunk of bytes) {
    const lines = (rest + decoder.decode(chunk, { stream: true })).split("\n");
    rest = lines.pop() ?? "";
    yield* lines;
  }
  yield rest + decoder.decode();
}
