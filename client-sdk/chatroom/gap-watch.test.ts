import { expect, test } from "vitest";
import { createGapWatch, type GapWatch, type Look } from "./gap-watch.ts";

const START_MS = 1_000_000;

/** A look, so many seconds into the test, at the room's conversation of this number, which has five lines. */
function at(seconds: number, conversationNumber: number, roomId = "here"): Look {
  return {
    roomId,
    stage: { conversationId: `${roomId}-${conversationNumber}`, conversationNumber, lineCount: 5 },
    nowMs: START_MS + seconds * 1000,
  };
}

/** A watch over a session that has come to a room's third conversation and heard so many lines of it. */
function watchThird(heard: number): GapWatch {
  const watch = createGapWatch((id) => (id === "here-3" ? heard : 0));
  expect(watch.look(at(0, 3), true)).toBeNull();
  return watch;
}

test("back in the same conversation nothing is missed, since all its lines are there", () => {
  expect(watchThird(4).look(at(60, 3), true)).toBeNull();
});

test("a conversation that was over when the connection came back is missed from its first line not heard", () => {
  const watch = watchThird(4);
  watch.look(at(12, 3), false);
  const gap = { conversationId: "here-3", fromOrder: 4, conversations: 0, sinceMs: START_MS + 12_000 };
  expect(watch.look(at(90, 4), true)).toEqual(gap);
});

test("whose last line was heard is not missed, though its end was not seen and one comes late", () => {
  expect(watchThird(5).look(at(3600, 4), true)).toBeNull();
});

test("whole conversations that passed are counted, whatever was heard of the one before them", () => {
  const missed = (heard: number) => watchThird(heard).look(at(100, 6), true);
  expect(missed(5)).toMatchObject({ conversationId: "here-3", fromOrder: null, conversations: 2 });
  expect(missed(0)).toMatchObject({ conversationId: "here-3", fromOrder: 0, conversations: 2 });
});

test("while the connection stands one conversation follows the other and nothing is missed", () => {
  const watch = watchThird(5);
  expect(watch.look(at(58, 4), false)).toBeNull();
  // None of its lines were heard, as where nobody is cast in it.
  expect(watch.look(at(90, 5), false)).toBeNull();
  expect(watch.look(at(99, 6), false)).toBeNull();
});

test("back in another room, how many have passed is not known, and that is told", () => {
  const missed = (heard: number) => watchThird(heard).look(at(90, 1, "there"), true);
  expect(missed(2)).toMatchObject({ conversationId: "here-3", fromOrder: 2, conversations: null });
  expect(missed(5)).toMatchObject({ conversationId: "here-3", fromOrder: null, conversations: null });
});

test("what a session leaves on purpose is not missed, unless it stays after all", () => {
  const left = watchThird(4);
  left.leave();
  left.look(at(5, 3), false);
  expect(left.look(at(6, 9, "there"), true)).toBeNull();
  expect(left.look(at(90, 11, "there"), true)).toMatchObject({ conversationId: "there-9", conversations: 1 });

  const stayed = watchThird(4);
  stayed.leave();
  stayed.stay();
  expect(stayed.look(at(90, 4), true)).toMatchObject({ conversationId: "here-3", fromOrder: 4 });
});
