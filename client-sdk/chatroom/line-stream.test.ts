import { expect, test } from "vitest";
import type { ChatroomLine } from "./chatroom-snapshot.ts";
import type { ChatroomGap } from "./gap-watch.ts";
import { createLineStream, type LineStream } from "./line-stream.ts";

function linesOf(conversationId: string, upTo: number): ChatroomLine[] {
  return Array.from({ length: upTo + 1 }, (_, order) => ({
    conversationId,
    order,
    slot: 0,
    speaker: { chatlingId: "c", name: "Ember", archetype: "optimist" },
    text: "Hm.",
    sentiment: "neutral",
    atMs: order,
  }));
}

const gap: ChatroomGap = { conversationId: "k1", fromOrder: 2, conversations: 0, sinceMs: 5 };

/** What a reader who begins now has read when the stream ends: "k1 0", with the number of gaps before it. */
async function readAll(stream: LineStream, play: () => void): Promise<string[]> {
  const reader = stream.read();
  const read: string[] = [];
  // The first step takes the reader's place; what it waits for comes with `play`.
  const first = reader.next();
  play();
  stream.end();
  for (let step = await first; !step.done; step = await reader.next()) {
    const { conversationId, order, gapsBefore = [] } = step.value;
    read.push([conversationId, order, ...gapsBefore.map(({ fromOrder }) => `gap ${fromOrder}`)].join(" "));
  }
  return read;
}

test("growing lists come as single lines, each once", async () => {
  const stream = createLineStream();
  const read = await readAll(stream, () => {
    stream.accept(linesOf("k1", 0));
    stream.accept(linesOf("k1", 2));
    stream.accept(linesOf("k1", 2));
    stream.accept([]);
    stream.accept(linesOf("k1", 3));
    stream.accept(linesOf("k2", 0));
  });
  expect(read).toEqual(["k1 0", "k1 1", "k1 2", "k1 3", "k2 0"]);
});

test("a conversation put on again goes on after the last line heard of it", async () => {
  const stream = createLineStream();
  const read = await readAll(stream, () => {
    stream.accept(linesOf("k1", 1));
    stream.accept(linesOf("k2", 0));
    for (const upTo of [0, 1, 2]) stream.accept(linesOf("k1", upTo));
  });
  expect(read).toEqual(["k1 0", "k1 1", "k2 0", "k1 2"]);
  expect([stream.heardTo("k1"), stream.heardTo("k2"), stream.heardTo("k3")]).toEqual([3, 1, 0]);
});

test("what was missed stands before the line that follows, in the order it was missed", async () => {
  const stream = createLineStream();
  const read = await readAll(stream, () => {
    stream.accept(linesOf("k1", 1));
    stream.miss(gap);
    stream.miss({ ...gap, fromOrder: null });
    stream.accept(linesOf("k2", 1));
  });
  expect(read).toEqual(["k1 0", "k1 1", "k2 0 gap 2 gap null", "k2 1"]);
});

test("who begins to read later begins with what is on stage, and is told of no gap before that", async () => {
  const stream = createLineStream();
  stream.accept(linesOf("k1", 1));
  stream.miss(gap);
  stream.accept(linesOf("k2", 1));
  expect(await readAll(stream, () => stream.accept(linesOf("k2", 2)))).toEqual(["k2 0", "k2 1", "k2 2"]);
});

test("only so many conversations are remembered, the latest ones", () => {
  const stream = createLineStream();
  for (let i = 0; i <= 200; i++) stream.accept(linesOf(`k${i}`, 0));
  expect(stream.heardTo("k0")).toBe(0);
  expect(stream.heardTo("k1")).toBe(1);
  stream.accept(linesOf("k1", 1));
  stream.accept(linesOf("k201", 0));
  expect([stream.heardTo("k1"), stream.heardTo("k2")]).toEqual([2, 0]);
});
