import { expect, test } from "vitest";
import { scriptCasting, scriptChatroom } from "../testing/scripted-chatroom.ts";
import { toChatroomSnapshot } from "./chatroom-snapshot.ts";

const outside = { connection: "live", failure: null, clockAheadMs: 0 } as const;

test("lines carry their speaker and the names of those they mention", () => {
  const state = scriptChatroom("k1", [
    [0, "What do you think, {slot:1}?"],
    [1, "No."],
  ]);
  const snapshot = toChatroomSnapshot(state, scriptCasting("k1"), undefined, outside);
  expect(snapshot.lines).toMatchObject([
    { order: 0, speaker: { chatlingId: "c-ember", name: "Ember" }, text: "What do you think, Nox?" },
    { order: 1, speaker: { chatlingId: "c-nox", archetype: "skeptic" }, text: "No." },
  ]);
});

test("lines wait for the cast of their own conversation", () => {
  const state = scriptChatroom("k2", [[0, "Hello"]]);
  const snapshot = toChatroomSnapshot(state, scriptCasting("k1"), undefined, outside);
  expect(snapshot.cast).toEqual([]);
  expect(snapshot.lines).toEqual([]);
});

test("what has not changed is the same object as before", () => {
  const casting = scriptCasting("k1");
  const state = scriptChatroom("k1", [[0, "Hello"]]);
  const before = toChatroomSnapshot(state, casting, undefined, outside);
  const idle = toChatroomSnapshot({ ...state, viewers: 4 }, casting, before, outside);
  expect(idle.lines).toBe(before.lines);
  expect(idle.reactions).toBe(before.reactions);
  const grown = scriptChatroom("k1", [
    [0, "Hello"],
    [1, "Hm."],
  ]);
  const after = toChatroomSnapshot(grown, casting, before, outside);
  expect(after.lines).toHaveLength(2);
  expect(after.lines[0]).toBe(before.lines[0]);
});

test("reactions are grouped by line and follow the counts", () => {
  const casting = scriptCasting("k1");
  const state = scriptChatroom("k1", [[0, "Hello"]]);
  state.reactions = new Map([
    ["0:🔥", 2],
    ["0:❤️", 1],
    ["3:😂", 5],
  ]);
  const before = toChatroomSnapshot(state, casting, undefined, outside);
  expect(before.reactions).toEqual({ 0: { "🔥": 2, "❤️": 1 }, 3: { "😂": 5 } });
  state.reactions = new Map([["0:🔥", 3]]);
  const after = toChatroomSnapshot(state, casting, before, outside);
  expect(after.reactions).toEqual({ 0: { "🔥": 3 } });
});

test("the typist is the cast member in the typing slot, or nobody", () => {
  const state = { ...scriptChatroom("k1"), typingSlot: 1 };
  expect(toChatroomSnapshot(state, scriptCasting("k1"), undefined, outside).typing?.name).toBe("Nox");
  expect(toChatroomSnapshot(scriptChatroom("k1"), scriptCasting("k1"), undefined, outside).typing).toBeNull();
});

test("the next start is told by this device's clock", () => {
  const state = { ...scriptChatroom("k1"), nextAtMs: 1_000_000 };
  const ahead = { ...outside, clockAheadMs: 60_000 };
  expect(toChatroomSnapshot(state, undefined, undefined, ahead).nextAtMs).toBe(940_000);
  expect(toChatroomSnapshot({ ...state, nextAtMs: 0 }, undefined, undefined, ahead).nextAtMs).toBe(0);
});
