import { expect, test } from "vitest";
import { createFakeClock } from "#ai/fake-clock.ts";
import { openChatroomSession, type ChatroomWish } from "../chatroom/chatroom-session.ts";
import { ParleyError } from "../parley-error.ts";
import { scriptCasting, scriptChatroom } from "../testing/scripted-chatroom.ts";
import { createScriptedSeats } from "../testing/scripted-seats.ts";
import { createChatroomStore } from "./chatroom-store.ts";

function open() {
  const seats = createScriptedSeats();
  const clock = createFakeClock();
  const join = (wish: ChatroomWish = {}) =>
    openChatroomSession({
      seats,
      wish,
      clockAheadMs: () => 0,
      timers: clock,
      random: () => 0,
      onWake: () => () => undefined,
    });
  const store = createChatroomStore({ chatrooms: { join } }, { difficulty: "simple" });
  return { seats, clock, store };
}

async function openLive() {
  const { seats, clock, store } = open();
  const seen: string[] = [];
  const unsubscribe = store.subscribe(() => void seen.push(store.read().status));
  await clock.advance(0);
  await play();
  async function play(): Promise<void> {
    seats.latest().tell("casting", scriptCasting("k1"));
    seats.latest().show(scriptChatroom("k1", [[0, "Hello {slot:1}"]]));
    await clock.advance(0);
  }
  return { seats, clock, store, seen, unsubscribe, play };
}

test("nobody joins before somebody looks", async () => {
  const { seats, clock, store } = open();
  await clock.advance(0);
  expect(store.read()).toMatchObject({ status: "joining", snapshot: undefined });
  expect(seats.joins).toEqual([]);
});

test("the first look joins with the wish, and the view follows the session", async () => {
  const { seats, store, seen } = await openLive();
  expect(seats.joins).toEqual([{ difficulty: "simple" }]);
  expect(store.read().snapshot?.lines.map((line) => line.text)).toEqual(["Hello Nox"]);
  seats.latest().cut(1006);
  expect(store.read().status).toBe("reconnecting");
  expect(seen.at(-1)).toBe("reconnecting");
});

test("reactions and favorites go through once there is a session", async () => {
  const early = open().store;
  expect(early.read().react(0, "🔥")).toBe(false);
  const { seats, store } = await openLive();
  expect(store.read().react(0, "🔥")).toBe(true);
  expect(store.read().favorite("c-nox", true)).toBe(true);
  expect(seats.latest().sent.map(({ type }) => type)).toEqual(["react", "favorite"]);
});

test("a view stays the same object until something happens, and its functions stay for good", async () => {
  const { seats, store } = await openLive();
  const before = store.read();
  expect(store.read()).toBe(before);
  seats.latest().cut(1006);
  expect(store.read()).not.toBe(before);
  expect(store.read().next).toBe(before.next);
});

test("a subscription that is given back at once, as in StrictMode, keeps its seat", async () => {
  const { seats, clock, store, unsubscribe } = await openLive();
  unsubscribe();
  store.subscribe(() => undefined);
  await clock.advance(0);
  expect(seats.joins).toHaveLength(1);
  expect(seats.latest().left).toBe("no");
});

test("the last to look away leaves, and whoever looks again joins again", async () => {
  const { seats, clock, store, unsubscribe } = await openLive();
  unsubscribe();
  await clock.advance(0);
  expect(seats.latest().left).toBe("consented");
  store.subscribe(() => undefined);
  expect(store.read()).toMatchObject({ status: "joining", snapshot: undefined });
  await clock.advance(0);
  expect(seats.joins).toHaveLength(2);
});

test("looking away while joining gives the seat up without a failure", async () => {
  const { seats, clock, store } = open();
  const unsubscribe = store.subscribe(() => undefined);
  await clock.advance(0);
  unsubscribe();
  await clock.advance(0);
  expect(seats.latest().left).toBe("consented");
  expect(store.read().failure).toBeUndefined();
});

test("a join that fails says why, and rejoin tries again", async () => {
  const { seats, clock, store } = open();
  seats.joinFailures.push(new ParleyError("no-conversation", "You have seen everything.", { status: 422 }));
  store.subscribe(() => undefined);
  await clock.advance(0);
  expect(store.read()).toMatchObject({ status: "closed", failure: { code: "no-conversation" } });
  store.read().rejoin();
  expect(store.read()).toMatchObject({ status: "joining", failure: undefined });
  await clock.advance(0);
  expect(seats.joins).toHaveLength(2);
});

test("a session that ends by itself says why and can be rejoined", async () => {
  const { seats, clock, store, play } = await openLive();
  seats.joinFailures.push(new ParleyError("unauthorized", "No such user.", { status: 401 }));
  seats.latest().cut(4001);
  await clock.advance(200);
  expect(store.read()).toMatchObject({ status: "closed", failure: { code: "unauthorized" } });
  store.read().rejoin();
  await clock.advance(0);
  await play();
  expect(store.read()).toMatchObject({ status: "live", failure: undefined });
});
