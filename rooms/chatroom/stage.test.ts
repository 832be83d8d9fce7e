import { beforeEach, describe, expect, it } from "vitest";
import { createScript } from "./script.ts";
import { createStage, type Stage } from "./stage.ts";
import { sampleConversation } from "./testing/sample-conversation.ts";
import { createFakeClock, type FakeClock } from "#ai/fake-clock.ts";
import { createRng } from "#ai/rng.ts";
import { ChatroomState } from "#schema/chatroom-state.ts";
import type { StoredConversation } from "#schema/stored/conversation.ts";

const a = sampleConversation("a", { lines: 4 });
const b = sampleConversation("b", { lines: 4, slots: 3 });
const scriptOf = (conversation: StoredConversation, speed = 1) =>
  createScript(conversation, createRng(conversation.id), speed);

let clock: FakeClock;
let state: ChatroomState;
let coming: (StoredConversation | null | Error)[];
let told: string[];
let shown: { atMs: number; lines: number; typingSlot: number }[];
let stage: Stage;

function createTestStage(playbackSpeed = 1): Stage {
  state = new ChatroomState();
  return createStage({
    state,
    clock,
    playbackSpeed,
    async chooseNext() {
      const chosen = coming.shift() ?? null;
      if (chosen instanceof Error) throw chosen;
      return chosen;
    },
    onChange: () =>
      void shown.push({ atMs: clock.nowMs(), lines: state.lines.length, typingSlot: state.typingSlot }),
    onOpen: ({ id }, previous) => void told.push(`open ${id} after ${previous?.id ?? "nothing"}`),
    onEnd: ({ id }) => void told.push(`end ${id}`),
    onNext: ({ id }) => void told.push(`next ${id}`),
    onIdle: () => void told.push("idle"),
    onError: (error) => void told.push(`error ${(error as Error).message}`),
  });
}

beforeEach(() => {
  clock = createFakeClock();
  coming = [];
  told = [];
  shown = [];
  stage = createTestStage();
});

describe("a stage", () => {
  it("delivers each line at the time it says, in one change together with the typing", async () => {
    stage.wake();
    stage.open(a);
    const { startedAtMs } = state;
    expect(startedAtMs).toBe(clock.nowMs());
    shown = [];
    const script = scriptOf(a);
    await clock.advance((script.lines.at(-1)?.atMs ?? 0) + 1);
    expect(shown).toEqual(
      script.lines.flatMap((line, index) => [
        { atMs: startedAtMs + line.typingFromMs, lines: index, typingSlot: line.slot },
        { atMs: startedAtMs + line.atMs, lines: index + 1, typingSlot: -1 },
      ]),
    );
    expect(state.lines.map((line) => line.atMs)).toEqual(script.lines.map((line) => line.atMs));
  });

  it("does not drift when time passes in leaps", async () => {
    stage.wake();
    stage.open(a);
    const script = scriptOf(a);
    const third = script.lines[2]?.atMs ?? 0;
    const late = createFakeClock(clock.nowMs() + third);
    clock.nowMs = () => late.nowMs();
    stage.sleep();
    stage.wake();
    expect(state.lines).toHaveLength(3);
    expect(state.lines.map((line) => line.atMs)).toEqual(script.lines.slice(0, 3).map((line) => line.atMs));
  });

  it("pauses between conversations, saying what comes and when", async () => {
    coming = [b];
    stage.wake();
    stage.open(a);
    await clock.advance(scriptOf(a).endMs);
    expect(state).toMatchObject({
      phase: "intermission",
      conversationId: "a",
      conversationNumber: 1,
      lineCount: 4,
      nextTopic: "About topic-of-b",
    });
    expect(state.lines).toHaveLength(4);
    expect(state.nextAtMs).toBe(clock.nowMs() + 8000);
    await clock.advance(7999);
    expect(state.phase).toBe("intermission");
    await clock.advance(1);
    expect(state).toMatchObject({ phase: "playing", conversationId: "b", nextAtMs: 0, nextTopic: "" });
    expect(state).toMatchObject({ conversationNumber: 2, lineCount: b.messages.length });
    expect(state.startedAtMs).toBe(clock.nowMs());
    expect(state.lines).toHaveLength(0);
    expect(state.roles).toHaveLength(3);
    expect(told).toEqual(["open a after nothing", "end a", "next b", "open b after a"]);
  });

  it("plays everything in an n-th of the time at speed n, with times that are true", async () => {
    stage = createTestStage(10);
    coming = [b];
    stage.wake();
    stage.open(a);
    const { startedAtMs } = state;
    shown = [];
    const script = scriptOf(a, 10);
    await clock.advance(script.endMs);
    expect(state.phase).toBe("intermission");
    for (const line of state.lines) {
      expect(shown.find(({ lines }) => lines === line.order + 1)?.atMs).toBe(startedAtMs + line.atMs);
    }
    expect(state.nextAtMs).toBe(clock.nowMs() + 800);
    await clock.advance(800);
    expect(state.conversationId).toBe("b");
  });

  it("does nothing while asleep, and shows the present on waking", async () => {
    stage.wake();
    stage.open(a);
    stage.sleep();
    shown = [];
    await clock.advance(600_000);
    expect(shown).toEqual([]);
    coming = [b];
    stage.wake();
    await clock.advance(0);
    expect(state).toMatchObject({ phase: "intermission", nextAtMs: clock.nowMs() + 8000 });
    expect(state.lines).toHaveLength(4);
  });

  it("keeps a conversation that was opened asleep for whoever comes first, who comes in as the first line is said", async () => {
    stage.open(a);
    expect(stage.endsAtMs).toBe(0);
    await clock.advance(60_000);
    stage.wake();
    const firstAtMs = scriptOf(a).lines[0]?.atMs ?? 0;
    expect(firstAtMs).toBeGreaterThan(0);
    expect(state.startedAtMs).toBe(clock.nowMs() - firstAtMs);
    expect(stage.endsAtMs).toBe(clock.nowMs() - firstAtMs + scriptOf(a).endMs);
    expect(state.lines).toHaveLength(1);
  });

  it("tells once that nothing is left, looks again, and outlives a failing choice", async () => {
    coming = [null, new Error("no store"), null, b];
    stage.wake();
    stage.open(a);
    await clock.advance(scriptOf(a).endMs);
    expect(state.nextAtMs).toBe(0);
    await clock.advance(14_000);
    expect(state.phase).toBe("intermission");
    await clock.advance(9000);
    expect(state.conversationId).toBe("b");
    expect(told).toEqual([
      "open a after nothing",
      "end a",
      "idle",
      "error no store",
      "next b",
      "open b after a",
    ]);
  });

  it("chooses anew when the chosen conversation is gone", async () => {
    coming = [b, sampleConversation("c")];
    stage.wake();
    stage.open(a);
    await clock.advance(scriptOf(a).endMs);
    stage.rechoose();
    await clock.advance(8000);
    expect(state.conversationId).toBe("c");
  });
});
