import { expect, test } from "vitest";
import { createGapWatch, type GapWatch, type Look } from "./gap-watch.ts";

const START_MS = 1_000_000;
/** The server's clock is an hour ahead of this device's. */
const AHEAD_MS = 3_600_000;

/** A look at `conversationId`, so many seconds into the test; times of the stage are by the server's clock. */
function at(
  seconds: number,
  conversationId: string,
  stage: Partial<Look["stage"]> = {},
  isCast = true,
): Look {
  const nowMs = START_MS + seconds * 1000;
  return {
    stage: { conversationId, phase: "playing", startedAtMs: onServer(0), nextAtMs: 0, ...stage },
    isCast,
    nowMs,
    serverNowMs: nowMs + AHEAD_MS,
  };
}

const onServer = (seconds: number): number => START_MS + AHEAD_MS + seconds * 1000;
const pause = (nextAtSeconds: number) =>
  ({ phase: "intermission", nextAtMs: onServer(nextAtSeconds) }) as const;

/** A watch that has seen a session come to conversation k1, of which four lines were heard. */
function watchK1(): GapWatch {
  const watch = createGapWatch((id) => (id === "k1" ? 4 : 0));
  expect(watch.look(at(0, "k1"), true)).toBeNull();
  return watch;
}

test("back in the same conversation nothing is missed, since all its lines are there", () => {
  const watch = watchK1();
  expect(watch.look(at(60, "k1"), true)).toBeNull();
  expect(watch.look(at(60, "k1", pause(68)), true)).toBeNull();
});

test("a conversation that was over when the connection came back is missed from its first line not heard", () => {
  const watch = watchK1();
  watch.look(at(12, "k1"), false);
  const gap = watch.look(at(90, "k2", { startedAtMs: onServer(80) }), true);
  expect(gap).toEqual({ conversationId: "k1", fromOrder: 4, sinceMs: START_MS + 12_000 });
});

test("while the connection stands one conversation follows the other and nothing is missed", () => {
  const watch = watchK1();
  expect(watch.look(at(50, "k1", pause(58)), false)).toBeNull();
  expect(watch.look(at(58, "k2", { startedAtMs: onServer(58) }), false)).toBeNull();
  // Not cast in this one: it is not for this viewer.
  expect(watch.look(at(90, "k3", {}, false), false)).toBeNull();
  expect(watch.look(at(99, "k4"), false)).toBeNull();
});

test("away during a pause, the conversation announced is not missed however late one comes", () => {
  const watch = watchK1();
  watch.look(at(50, "k1", pause(58)), false);
  expect(watch.look(at(100, "k2", { startedAtMs: onServer(58.2) }), true)).toBeNull();
});

test("away for more than a pause and a conversation, whole ones are missed", () => {
  const watch = watchK1();
  watch.look(at(50, "k1", pause(58)), false);
  watch.look(at(55, "k1", pause(58)), false);
  const gap = watch.look(at(100, "k3", { startedAtMs: onServer(58 + 20 + 8) }), true);
  expect(gap).toEqual({ conversationId: "k1", fromOrder: null, sinceMs: START_MS + 55_000 });
});

test("a pause without an announcement ends at any time; the pause seen before tells how long one takes", () => {
  const idle = () => {
    const watch = watchK1();
    watch.look(at(50, "k1", pause(58)), false);
    watch.look(at(51, "k1", { phase: "intermission" }), false);
    return watch;
  };
  expect(idle().look(at(70, "k2", { startedAtMs: onServer(59) }), true)).toBeNull();
  expect(idle().look(at(70, "k2", { startedAtMs: onServer(60) }), true)).toMatchObject({ fromOrder: null });
});

test("a conversation whose cast never came was not heard, though its end was seen", () => {
  const watch = createGapWatch(() => 0);
  watch.look(at(0, "k1", pause(8), false), true);
  expect(watch.look(at(9, "k2"), true)).toMatchObject({ conversationId: "k1", fromOrder: 0 });
});

test("what a session leaves on purpose is not missed, unless it stays after all", () => {
  const left = watchK1();
  left.leave();
  left.look(at(5, "k1"), false);
  expect(left.look(at(6, "k9"), true)).toBeNull();
  expect(left.look(at(90, "k10"), true)).toMatchObject({ conversationId: "k9" });

  const stayed = watchK1();
  stayed.leave();
  stayed.stay();
  expect(stayed.look(at(90, "k9"), true)).toMatchObject({ conversationId: "k1", fromOrder: 4 });
});
