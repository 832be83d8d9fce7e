import { expect, test } from "vitest";
import { createFakeClock } from "#ai/fake-clock.ts";
import { ParleyError } from "../parley-error.ts";
import { scriptCasting, scriptChatroom } from "../testing/scripted-chatroom.ts";
import { createScriptedSeats } from "../testing/scripted-seats.ts";
import { openChatroomSession } from "./chatroom-session.ts";

const HELLO: [number, string][] = [
  [0, "Hello {slot:1}"],
  [1, "Hm."],
];

function opening(signal?: AbortSignal) {
  const seats = createScriptedSeats();
  const clock = createFakeClock();
  const session = openChatroomSession({
    seats,
    wish: { difficulty: "simple", ...(signal && { signal }) },
    clockAheadMs: () => 0,
    timers: clock,
    random: () => 0,
    onWake: () => () => undefined,
  });
  return { seats, clock, session };
}

async function openSession(spoken = HELLO) {
  const { seats, clock, session } = opening();
  await clock.advance(0);
  seats.latest().tell("casting", scriptCasting("k1"));
  seats.latest().show(scriptChatroom("k1", spoken));
  return { seats, clock, session: await session };
}

test("joining resolves with state and cast together, in whichever order they come", async () => {
  const { seats, clock, session } = opening();
  await clock.advance(0);
  seats.latest().show(scriptChatroom("k1", HELLO));
  seats.latest().tell("casting", scriptCasting("k1"));
  expect((await session).snapshot.lines.map((line) => line.text)).toEqual(["Hello Nox", "Hm."]);
  expect(seats.joins).toEqual([{ difficulty: "simple" }]);
});

test("a room that never shows itself is a timeout", async () => {
  const { clock, session } = opening();
  const outcome = session.catch((error: unknown) => error);
  await clock.advance(0);
  await clock.advance(10_000);
  expect(await outcome).toMatchObject({ code: "timeout" });
});

test("an abort while joining is told as one", async () => {
  const abort = new AbortController();
  const { clock, session } = opening(abort.signal);
  const outcome = session.catch((error: unknown) => error);
  await clock.advance(0);
  abort.abort();
  expect(await outcome).toMatchObject({ code: "aborted" });
});

test("every line is read once, across a reconnection that shows them all again", async () => {
  const { seats, clock, session } = await openSession();
  const read: string[] = [];
  const reading = (async () => {
    for await (const line of session) read.push(`${line.conversationId} ${line.order}`);
  })();
  await clock.advance(0);
  seats.latest().cut(1006);
  await clock.advance(200);
  seats.latest().show(scriptChatroom("k1", [...HELLO, [0, "Back?"]]));
  seats.latest().tell("casting", scriptCasting("k1"));
  await clock.advance(0);
  seats.latest().show(scriptChatroom("k2", [[0, "New."]]));
  seats.latest().tell("casting", scriptCasting("k2"));
  session.leave();
  await reading;
  expect(read).toEqual(["k1 0", "k1 1", "k1 2", "k2 0"]);
});

test("what passed while the connection was away is told, and stands before the line that follows", async () => {
  const { seats, clock, session } = await openSession();
  const told: unknown[] = [];
  session.onGap((gap) => void told.push(gap));
  const read: string[] = [];
  const reading = (async () => {
    for await (const { conversationId, order, gapsBefore } of session) {
      read.push(`${conversationId} ${order}${gapsBefore ? ` after ${JSON.stringify(gapsBefore)}` : ""}`);
    }
  })();
  const lostAtMs = clock.nowMs();
  await clock.advance(1000);
  seats.latest().cut(1006);
  await clock.advance(200);
  seats.latest().show(scriptChatroom("k2", [[0, "New."]]));
  const gap = { conversationId: "k1", fromOrder: 2, conversations: 0, sinceMs: lostAtMs };
  expect(told).toEqual([gap]);
  seats.latest().tell("casting", scriptCasting("k2"));
  session.leave();
  await reading;
  expect(read).toEqual(["k1 0", "k1 1", `k2 0 after ${JSON.stringify([gap])}`]);
});

test("what one leaves on purpose, or because the server says so, is not missed", async () => {
  const { seats, clock, session } = await openSession();
  const told: unknown[] = [];
  session.onGap((gap) => void told.push(gap));
  seats.latest().answer("next", () => ({ name: "chatroom", roomId: "fresh", sessionId: "s8" }));
  await session.next();
  seats.latest().show(scriptChatroom("k2", HELLO));
  seats.latest().tell("casting", scriptCasting("k2"));
  seats.latest().tell("move", { name: "chatroom", roomId: "other", sessionId: "s9" });
  await clock.advance(0);
  seats.latest().show(scriptChatroom("k3", HELLO));
  expect([seats.latest().roomId, told]).toEqual(["other", []]);
});

test("a room that was left is not listened to any more", async () => {
  const { seats, clock, session } = await openSession();
  const old = seats.latest();
  old.tell("move", { name: "chatroom", roomId: "other", sessionId: "s7" });
  await clock.advance(0);
  seats.latest().tell("casting", scriptCasting("k5"));
  seats.latest().show(scriptChatroom("k5", HELLO));
  old.show(scriptChatroom("k1", [...HELLO, [0, "Still here."]]));
  old.tell("casting", scriptCasting("k1"));
  old.tell("move", { name: "chatroom", roomId: "third", sessionId: "s8" });
  await clock.advance(0);
  expect([session.snapshot.conversationId, seats.latest().roomId]).toEqual(["k5", "other"]);
});

test("while the connection is away the last snapshot stands and says so", async () => {
  const { seats, session } = await openSession();
  const seen: string[] = [];
  session.subscribe((snapshot) => void seen.push(`${snapshot.connection} ${snapshot.lines.length}`));
  seats.latest().cut(1006);
  expect(seen).toEqual(["reconnecting 2"]);
});

test("a move is followed without being asked", async () => {
  const { seats, clock, session } = await openSession();
  const old = seats.latest();
  old.tell("move", { name: "chatroom", roomId: "other", sessionId: "s7" });
  await clock.advance(0);
  expect(seats.latest().roomId).toBe("other");
  expect(old.left).toBe("consented");
  seats.latest().tell("casting", scriptCasting("k5"));
  seats.latest().show(scriptChatroom("k5"));
  expect(session.snapshot.conversationId).toBe("k5");
});

test("next takes the seat the server answers with", async () => {
  const { seats, session } = await openSession();
  seats.latest().answer("next", () => ({ name: "chatroom", roomId: "fresh", sessionId: "s8" }));
  const before = session.roomId;
  await session.next();
  expect(seats.latest().roomId).toBe("fresh");
  expect([before, session.roomId]).toEqual(["joined-1", "fresh"]);
});

test("next that finds nothing stays where it is and says why", async () => {
  const { seats, session } = await openSession();
  seats.latest().answer("next", () => {
    throw new Error("no-conversation: You have seen everything.");
  });
  await expect(session.next()).rejects.toMatchObject({ code: "no-conversation" });
  expect(session.snapshot.connection).toBe("live");
});

test("reactions, favorites and notices go both ways", async () => {
  const { seats, session } = await openSession();
  const notices: string[] = [];
  session.onNotice((notice) => void notices.push(notice.code));
  expect(session.react(1, "🔥")).toBe(true);
  expect(session.favorite("c-nox", true)).toBe(true);
  seats.latest().tell("notice", { code: "rate-limited", message: "Slow down." });
  expect(seats.latest().sent).toEqual([
    { type: "react", payload: { order: 1, emoji: "🔥" } },
    { type: "favorite", payload: { chatlingId: "c-nox", favorite: true } },
  ]);
  expect(notices).toEqual(["rate-limited"]);
});

test("a session that cannot be restored ends with its reason", async () => {
  const { seats, clock, session } = await openSession();
  seats.joinFailures.push(new ParleyError("unauthorized", "No such user.", { status: 401 }));
  seats.latest().cut(4001);
  await clock.advance(200);
  expect(session.snapshot).toMatchObject({ connection: "closed", failure: { code: "unauthorized" } });
});
