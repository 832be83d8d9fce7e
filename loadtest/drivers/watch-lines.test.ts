import { describe, expect, it } from "vitest";
import { ArraySchema } from "@colyseus/schema";
import { ChatroomState, LineState } from "#schema/chatroom-state.ts";
import { watchLines, type LineEverywhere } from "./watch-lines.ts";

function stateWith(texts: readonly string[], conversationId = "c1"): ChatroomState {
  const lines = texts.map((text, order) => new LineState({ order, slot: 0, text, atMs: order * 1000 }));
  const state = new ChatroomState();
  state.conversationId = conversationId;
  state.startedAtMs = performance.timeOrigin + performance.now();
  state.lines = new ArraySchema(...lines);
  return state;
}

function watch(viewers: number) {
  const everywhere: LineEverywhere[] = [];
  return { everywhere, watch: watchLines(viewers, (line) => everywhere.push(line)) };
}

describe("watchLines", () => {
  it("tells of a line once the last viewer has it", () => {
    const { everywhere, watch: lines } = watch(2);
    lines.see(0, stateWith(["hello"]));
    expect(everywhere).toHaveLength(0);
    lines.see(1, stateWith(["hello"]));
    expect(everywhere).toMatchObject([{ conversationId: "c1", order: 0 }]);
  });

  it("waits for one viewer less once one is ignored", () => {
    const { everywhere, watch: lines } = watch(2);
    lines.ignore();
    lines.see(0, stateWith(["hello"]));
    expect(everywhere).toHaveLength(1);
  });

  it("takes one latency per viewer and line, and none of lines met on joining", () => {
    const { watch: lines } = watch(2);
    lines.see(0, stateWith([]));
    lines.see(0, stateWith(["a"]));
    lines.see(0, stateWith(["a", "b"]));
    lines.see(1, stateWith(["a"]));
    lines.see(1, stateWith(["a", "b"]));
    expect(lines.takeLatencies()).toHaveLength(3);
    expect(lines.takeLatencies()).toHaveLength(0);
  });

  it("finds the viewer whose transcript differs from the others'", () => {
    const { watch: lines } = watch(3);
    for (const viewer of [0, 1]) lines.see(viewer, stateWith(["a", "b"]));
    lines.see(2, stateWith(["a", "torn"]));
    expect(lines.takeMisled()).toBe(1);
  });

  it("begins anew with each conversation", () => {
    const { everywhere, watch: lines } = watch(1);
    lines.see(0, stateWith(["a", "b"], "c1"));
    lines.see(0, stateWith(["x"], "c2"));
    expect(everywhere.map(({ conversationId, order }) => `${conversationId}:${order}`)).toEqual([
      "c1:0",
      "c1:1",
      "c2:0",
    ]);
  });
});
