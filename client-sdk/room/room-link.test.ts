import { expect, test } from "vitest";
import { createFakeClock } from "#ai/fake-clock.ts";
import { ParleyError } from "../parley-error.ts";
import { createScriptedSeats } from "../testing/scripted-seats.ts";
import { openRoomLink } from "./room-link.ts";

async function openLink(failures: ParleyError[] = [], signal?: AbortSignal) {
  const seats = createScriptedSeats();
  seats.joinFailures.push(...failures);
  const clock = createFakeClock();
  let wake = () => {};
  const link = await openRoomLink({
    seats,
    kind: "chatroom",
    options: { difficulty: "simple" },
    bind: () => undefined,
    changed: () => undefined,
    timers: clock,
    random: () => 0,
    onWake(run) {
      wake = run;
      return () => {
        wake = () => {};
      };
    },
    ...(signal && { signal }),
  });
  return { seats, clock, link, wake: () => wake() };
}

const network = () => new ParleyError("network", "No server.");

test("a lost connection goes back to the same seat with its token", async () => {
  const { seats, clock, link } = await openLink();
  seats.latest().cut(1006);
  expect(link.connection).toBe("reconnecting");
  await clock.advance(200);
  expect(link.connection).toBe("live");
  expect(seats.taken).toEqual([
    { name: "chatroom", roomId: "joined-1", sessionId: "s1", reconnectionToken: "token-of-joined-1" },
  ]);
  expect(seats.joins).toHaveLength(1);
});

test("a seat the server has given away is replaced by joining anew with the same wish", async () => {
  const { seats, clock, link } = await openLink();
  seats.takeFailures.push(new ParleyError("seat-lost", "The room is gone."));
  seats.latest().cut(1006);
  await clock.advance(200);
  expect(link.connection).toBe("live");
  expect(seats.joins).toEqual([{ difficulty: "simple" }, { difficulty: "simple" }]);
});

test("after a shutdown it joins anew at once without asking for the old seat", async () => {
  const { seats, clock, link } = await openLink();
  seats.latest().cut(4001);
  await clock.advance(200);
  expect(link.connection).toBe("live");
  expect(seats.taken).toHaveLength(0);
  expect(seats.joins).toHaveLength(2);
});

test("while the server is away the waits grow, and it comes back when the server does", async () => {
  const { seats, clock, link } = await openLink();
  for (let i = 0; i < 4; i++) {
    seats.takeFailures.push(network());
    seats.joinFailures.push(network());
  }
  seats.latest().cut(1006);
  // 200, 400, 800 and 1,600 ms pass in vain; 3,200 ms later the fifth try lands.
  await clock.advance(200 + 400 + 800 + 1600);
  expect(link.connection).toBe("reconnecting");
  await clock.advance(3199);
  expect(link.connection).toBe("reconnecting");
  await clock.advance(1);
  expect(link.connection).toBe("live");
});

test("Retry-After is waited for", async () => {
  const { seats, clock, link } = await openLink();
  seats.joinFailures.push(new ParleyError("rate-limited", "Slow.", { status: 429, retryAfterMs: 5000 }));
  seats.latest().cut(4001);
  await clock.advance(200 + 4999);
  expect(link.connection).toBe("reconnecting");
  await clock.advance(1);
  expect(link.connection).toBe("live");
});

test("a refusal that waiting cannot mend closes the link and says why", async () => {
  const { seats, clock, link } = await openLink();
  seats.joinFailures.push(new ParleyError("no-conversation", "All seen.", { status: 422 }));
  seats.latest().cut(4001);
  await clock.advance(200);
  expect(link.connection).toBe("closed");
  expect(link.failure?.code).toBe("no-conversation");
});

test("a server that came back newer than this client closes the link and says so", async () => {
  const { seats, clock, link } = await openLink();
  seats.joinFailures.push(new ParleyError("client-outdated", "Reload the page."));
  seats.latest().cut(4001);
  await clock.advance(200);
  expect([link.connection, link.failure?.code]).toEqual(["closed", "client-outdated"]);
  expect(seats.joins).toHaveLength(2);
});

test("moving takes the new seat before it leaves the old one", async () => {
  const { seats, link } = await openLink();
  const old = seats.latest();
  await link.move({ name: "chatroom", roomId: "elsewhere", sessionId: "s9" });
  expect(seats.latest().roomId).toBe("elsewhere");
  expect(old.left).toBe("consented");
  old.cut(4000);
  expect(link.connection).toBe("live");
});

test("a seat that cannot be taken leaves the old one as it was", async () => {
  const { seats, link } = await openLink();
  const old = seats.latest();
  seats.takeFailures.push(new ParleyError("seat-lost", "Too late."));
  await expect(link.move({ name: "chatroom", roomId: "x", sessionId: "s9" })).rejects.toMatchObject({
    code: "seat-lost",
  });
  expect(old.left).toBe("no");
  expect(link.send("react", {})).toBe(true);
  expect(old.sent).toHaveLength(1);
});

test("a server that stops answering is noticed without a close", async () => {
  const { seats, clock, link } = await openLink();
  const silent = seats.latest();
  silent.answersPings = false;
  await clock.advance(15_000 + 4000);
  expect(silent.left).toBe("dropped");
  await clock.advance(200);
  expect(link.connection).toBe("live");
  expect(seats.taken).toHaveLength(1);
});

test("waking up checks the line at once, and ends a long wait", async () => {
  const { seats, clock, link, wake } = await openLink();
  seats.latest().answersPings = false;
  wake();
  await clock.advance(4000);
  expect(link.connection).toBe("reconnecting");
  for (let i = 0; i < 6; i++) {
    seats.takeFailures.push(network());
    seats.joinFailures.push(network());
  }
  await clock.advance(200 + 400 + 800 + 1600 + 3200 + 6000);
  expect(link.connection).toBe("reconnecting");
  wake();
  await clock.advance(0);
  expect(link.connection).toBe("live");
});

test("nothing is sent while the connection is away", async () => {
  const { seats, link } = await openLink();
  seats.latest().cut(1006);
  expect(link.send("react", {})).toBe(false);
  await expect(link.request("next", {})).rejects.toMatchObject({ code: "not-connected" });
});

test("a rejected request carries the server's code", async () => {
  const { seats, link } = await openLink();
  seats.latest().answer("next", () => {
    throw Object.assign(new Error("request rejected"), {
      reason: { code: "no-conversation", message: "All seen." },
    });
  });
  await expect(link.request("next", {})).rejects.toMatchObject({
    code: "no-conversation",
    message: "All seen.",
  });
  seats.latest().answer("next", () => {
    throw new Error("rate-limited: Slow down.");
  });
  await expect(link.request("next", {})).rejects.toMatchObject({
    code: "rate-limited",
    message: "Slow down.",
  });
});

test("an abort ends the session and leaves for good", async () => {
  const abort = new AbortController();
  const { seats, link } = await openLink([], abort.signal);
  abort.abort();
  expect(link.connection).toBe("closed");
  expect(link.failure).toBeUndefined();
  expect(seats.latest().left).toBe("consented");
});

test("a seat lost on the way in is asked for again, a plain refusal is not", async () => {
  const changed = () => new ParleyError("conversation-changed", "Please join again.", { status: 409 });
  const lucky = await openLink([changed(), changed()]);
  expect(lucky.seats.joins).toHaveLength(3);
  await expect(openLink([changed(), changed(), changed()])).rejects.toMatchObject({
    code: "conversation-changed",
  });
  const refused = new ParleyError("no-conversation", "All seen.", { status: 404 });
  await expect(openLink([refused])).rejects.toBe(refused);
});
