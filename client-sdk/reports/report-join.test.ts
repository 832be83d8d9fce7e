import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { createFakeClock } from "#ai/fake-clock.ts";
import type { ClientReport, ClientReports } from "#schema/client-report.ts";
import { sampleConversation } from "#rooms/chatroom/testing/sample-conversation.ts";
import { openTestServer, type TestServer } from "#server/testing/open-test-server.ts";
import { openChatroomSession } from "../chatroom/chatroom-session.ts";
import { createClient, type ParleyClient } from "../create-client.ts";
import { ParleyError } from "../parley-error.ts";
import { scriptCasting, scriptChatroom } from "../testing/scripted-chatroom.ts";
import { createScriptedSeats } from "../testing/scripted-seats.ts";
import { VERSION } from "../version.ts";
import { reportJoin } from "./report-join.ts";

let server: TestServer;
let sent: ClientReports[];
let arrivals: Promise<unknown>[];
let isDown = false;
beforeAll(async () => {
  const conversations = ["a", "b", "c"].map((id) => sampleConversation(id, { lines: 40 }));
  server = await openTestServer({ conversations, env: { PLAYBACK_SPEED: "20" } });
});
beforeEach(() => {
  sent = [];
  arrivals = [];
  isDown = false;
});
afterAll(() => server.close());

/** A client whose reports are seen on their way to the server. */
function openClient(sampleRate?: number): ParleyClient {
  return createClient({
    url: server.url,
    ...(sampleRate !== undefined && { reports: { sampleRate } }),
    fetch(address, init) {
      if (isDown) return Promise.reject(new TypeError("offline"));
      const answer = fetch(address, init);
      if (address.endsWith("/api/client-errors")) {
        sent.push(JSON.parse(init.body as string) as ClientReports);
        arrivals.push(answer);
      }
      return answer;
    },
  });
}

async function watchOneLine(client: ParleyClient): Promise<void> {
  const session = await client.chatrooms.join();
  for await (const line of session) {
    expect(line.order).toBe(0);
    break;
  }
  session.leave();
}

/** What the operator's desk shows, after everything sent has arrived. */
async function readDesk() {
  await Promise.all(arrivals);
  const { body } = await server.call("GET /api/admin/errors", { token: await server.operator() });
  return body;
}

test("a client that was asked to reports how long the seat and the first line took, when it leaves", async () => {
  await watchOneLine(openClient(1));
  expect(sent).toEqual([
    {
      source: "sdk",
      version: VERSION,
      sampleRate: 1,
      reports: [{ kind: "load", timings: { joinedMs: expect.any(Number), firstLineMs: expect.any(Number) } }],
    },
  ]);
  const { loads } = await readDesk();
  expect(loads).toMatchObject([
    { source: "sdk", step: "joinedMs", count: 1 },
    { source: "sdk", step: "firstLineMs", count: 1 },
  ]);
});

test.each([undefined, 0])("with a sample rate of %s nothing is reported", async (sampleRate) => {
  const client = openClient(sampleRate);
  await watchOneLine(client);
  await expect(client.chatrooms.join({ topicId: "no-such-topic" })).rejects.toBeInstanceOf(ParleyError);
  expect(sent).toEqual([]);
});

test("a refused join is told by its code, and no word of what was asked", async () => {
  const client = openClient(1);
  const refusal = await client.chatrooms.join({ topicId: "no-such-topic" }).catch((error: unknown) => error);
  expect(sent).toMatchObject([
    { reports: [{ kind: "connection", code: (refusal as { code: string }).code }] },
  ]);
  expect(JSON.stringify(sent)).not.toContain("no-such-topic");
  expect((await readDesk()).client).toMatchObject([
    {
      source: "sdk",
      kind: "connection",
      code: (refusal as { code: string }).code,
      version: VERSION,
      count: 1,
    },
  ]);
});

test("joining that was given up on purpose is no failure", async () => {
  const client = openClient(1);
  await client.auth.ensure();
  await expect(client.chatrooms.join({ signal: AbortSignal.abort() })).rejects.toMatchObject({
    code: "aborted",
  });
  await watchOneLine(client);
  expect(sent.flatMap(({ reports }) => reports.map(({ kind }) => kind))).toEqual(["load"]);
});

test("what failed while the server was out of reach is told once it is back", async () => {
  const client = openClient(1);
  isDown = true;
  await expect(client.chatrooms.join()).rejects.toMatchObject({ code: "network" });
  isDown = false;
  await watchOneLine(client);
  expect(sent.map(({ reports }) => reports)).toMatchObject([
    [{ kind: "connection", code: "network" }, { kind: "load" }],
  ]);
});

test("a session that ends by itself is told by its code, however it was doing before", async () => {
  const told: ClientReport[] = [];
  const queue = { add: (report: ClientReport) => void told.push(report), flush: () => undefined };
  const seats = createScriptedSeats();
  const clock = createFakeClock();
  const open = () =>
    openChatroomSession({
      seats,
      wish: {},
      clockAheadMs: () => 0,
      timers: clock,
      random: () => 0,
      onWake: () => () => undefined,
    });
  const joining = reportJoin(open, queue, () => clock.nowMs());
  await clock.advance(700);
  seats.latest().tell("casting", scriptCasting("k1"));
  seats.latest().show(scriptChatroom("k1"));
  await joining;
  await clock.advance(1300);
  seats.latest().show(scriptChatroom("k1", [[0, "Hello"]]));
  const load = { kind: "load", timings: { joinedMs: 700, firstLineMs: 2000 } };
  expect(told).toEqual([load]);
  seats.joinFailures.push(new ParleyError("client-outdated", "Reload the page."));
  seats.latest().cut(4001);
  await clock.advance(200);
  expect(told).toEqual([load, { kind: "connection", code: "client-outdated" }]);
});

test.each([-1, 0.001, 1.5, Number.NaN])("a sample rate of %s is refused at once", (sampleRate) => {
  expect(() => openClient(sampleRate)).toThrow(RangeError);
});
