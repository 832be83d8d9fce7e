import { describe, expect, it } from "vitest";
import type { ModelReply } from "../model.ts";
import { readBatchLines, toBatchResult } from "./read-batch-lines.ts";

const reply: ModelReply = {
  text: "Grüße 🙂",
  stop: "complete",
  servedBy: "m",
  usage: {
    uncachedInputTokens: 7,
    cachedInputTokens: 0,
    cacheWriteTokens: { "5m": 0, "1h": 0 },
    outputTokens: 5,
    thinkingTokens: 0,
  },
};

async function read(text: string, pieceLength: number) {
  const bytes = new TextEncoder().encode(text);
  const pieces = new ReadableStream<Uint8Array>({
    start(stream) {
      for (let at = 0; at < bytes.length; at += pieceLength)
        stream.enqueue(bytes.slice(at, at + pieceLength));
      stream.close();
    },
  });
  const toReply = ({ text }: Readonly<Record<string, unknown>>) => ({ ...reply, text: String(text) });
  return await Array.fromAsync(readBatchLines(pieces, toReply));
}

describe("lines of results", () => {
  const line = (id: string) => JSON.stringify({ custom_id: id, text: reply.text });

  it.each([1, 3, 7, 1_000])("are whole, however their bytes come in pieces of %i", async (pieceLength) => {
    const results = await read(`${line("a")}\n${line("b")}\n\n${line("c")}\n`, pieceLength);
    expect(results).toEqual(["a", "b", "c"].map((id) => ({ id, reply })));
  });

  it("that say not whose they are, are left out", async () => {
    expect(await read(`{"text":"x"}\n${line("a")}\n{{{`, 10)).toEqual([{ id: "a", reply }]);
  });

  it("are not taken for another's when their text quotes one", async () => {
    const quoting = JSON.stringify({ text: '"custom_id":"b"', custom_id: "a" });
    expect(await read(quoting, 10)).toMatchObject([{ id: "a" }]);
  });
});

it.each([Number.NaN, -1, 1.5, "7"])("a count of %o is no usage", (outputTokens) => {
  const usage = { ...reply.usage, outputTokens } as ModelReply["usage"];
  expect(toBatchResult("a", () => ({ ...reply, usage }))).toEqual({
    id: "a",
    reply: { ...reply, usage: undefined },
  });
});
