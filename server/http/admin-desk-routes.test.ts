import { afterAll, beforeAll, describe, expect, it } from "vitest";
import {
  EngagementReport,
  ErrorReport,
  PoolCoverage,
  PoolHistory,
  ProcessReport,
  RoomRow,
} from "#schema/desk.ts";
import { sampleConversation } from "#rooms/chatroom/testing/sample-conversation.ts";
import { openTestServer, type TestServer } from "../testing/open-test-server.ts";

let server: TestServer;
let token: string;
beforeAll(async () => {
  const conversations = Array.from({ length: 60 }, (_, i) =>
    sampleConversation(`c${i}`, { topicId: `t${i % 3}`, difficulty: i % 2 === 0 ? "simple" : "medium" }),
  );
  server = await openTestServer({ conversations });
  token = await server.operator();
});
afterAll(() => server.close());

const read = async (path: string) => (await server.call(`GET /api/admin/${path}`, { token })).body;

describe("the desk", () => {
  it.each(["rooms", "errors", "process", "engagement", "pool/history", "pool/coverage", "users/x"] as const)(
    "shows %s to operators only",
    async (path) => {
      const { token: user } = await server.guest();
      const refused = await server.call(`GET /api/admin/${path}`, { token: user });
      expect([refused.status, refused.body.error.code]).toEqual([403, "operators-only"]);
      expect((await server.call(`GET /api/admin/${path}`)).status).toBe(401);
    },
  );
});

describe("rooms", () => {
  it("are listed fullest first, with what is on, by kind and in pages", async () => {
    const simple = await server.join((await server.guest()).token, { topicId: "t0", difficulty: "simple" });
    await server.join((await server.guest()).token, { topicId: "t1", difficulty: "medium" });
    // The same wish leads to the room that is there.
    await server.join((await server.guest()).token, { topicId: "t0", difficulty: "simple" });
    const { items, nextCursor } = await read("rooms");
    expect(nextCursor).toBeUndefined();
    for (const item of items) expect(RoomRow.parse(item)).toEqual(item);
    expect(items[0]).toMatchObject({
      roomId: simple.roomId,
      kind: "chatroom",
      viewers: 2,
      topic: "About t0",
      difficulty: "simple",
    });
    expect(items[0].sinceMs).toBeGreaterThan(Date.now() - 60_000);
    expect(items.slice(1)).toMatchObject([{ viewers: 1, topic: "About t1", difficulty: "medium" }]);

    const first = await read("rooms?limit=1");
    const second = await read(`rooms?limit=1&cursor=${encodeURIComponent(first.nextCursor)}`);
    expect([...first.items, ...second.items]).toEqual(items);
    expect(second.nextCursor).toBeUndefined();
    expect((await read("rooms?kind=meeting")).items).toEqual([]);
    expect((await read("rooms?kind=chatroom")).items).toHaveLength(2);
    expect((await server.call("GET /api/admin/rooms?cursor=elsewhere", { token })).body.error.code).toBe(
      "invalid-cursor",
    );
  });
});

describe("errors", () => {
  it("are counted by place, wherever they were logged", async () => {
    const err = Object.assign(new Error("Ann's secret"), { code: "ECONNRESET" });
    server.app.log.error({ err, room: "chatroom", roomId: "r", method: "onJoin" }, "room method failed");
    server.app.log.error({ err, room: "chatroom", roomId: "s", method: "onJoin" }, "room method failed");
    const body = await read("errors");
    expect(ErrorReport.parse(body)).toEqual(body);
    expect(body.server).toMatchObject([
      { kind: "room", where: "chatroom: onJoin", code: "ECONNRESET", count: 2 },
    ]);
    expect(JSON.stringify(body)).not.toContain("secret");
    const metrics = String((await server.call("GET /metrics")).body);
    expect(metrics).toMatch(/^parley_server_errors_total\{kind="room"\} 2$/m);
  });
});

describe("the process", () => {
  it("tells how it is doing", async () => {
    const body = await read("process");
    expect(ProcessReport.parse(body)).toEqual(body);
    expect(body).toMatchObject({ store: "sqlite", isLeader: false, node: process.version });
    expect(body.processes.map(({ processId }: { processId: string }) => processId)).toEqual([body.processId]);
    expect(body.connections).toBeGreaterThan(0);
    expect(body.memory.rssBytes).toBeGreaterThan(10e6);
  });
});

describe("the pool's history", () => {
  it("begins with the server, and says how topics are covered now", async () => {
    const body = await read("pool/history?hours=1&points=10");
    expect(PoolHistory.parse(body)).toEqual(body);
    expect(body.everyMs).toBe(60_000);
    expect(body.samples.length).toBeGreaterThan(0);
    expect(body.samples[0]).toMatchObject({ active_conversations: 60, isLeader: false, alerts: [] });
    expect(body.topics).toHaveLength(3);
    expect(body.topics[0]).toEqual({
      topicId: expect.stringMatching(/^t\d$/),
      topic: null,
      active: 20,
      simple: 10,
      medium: 10,
      complex: 0,
    });
  });

  it.each(["hours=25", "hours=0", "points=0", "points=1.5", "hours=soon"])("refuses %s", async (query) => {
    const { status, body } = await server.call(`GET /api/admin/pool/history?${query}`, { token });
    expect([status, body.error.code]).toEqual([400, "invalid-query"]);
  });
});

describe("the coverage of topics", () => {
  const HOUR_MS = 3_600_000;
  const thisHourMs = Math.floor(Date.now() / HOUR_MS) * HOUR_MS;

  it("is read off the store, by topic and hour", async () => {
    for (const back of [0, 1, 2, 400]) {
      await server.app.repositories.coverageHours.keep({
        id: `back-${back}`,
        hourStartMs: thisHourMs - back * HOUR_MS,
        topics: [{ topicId: "t1", simple: 10 - back, medium: 1, complex: 0 }],
      });
    }
    const body = await read("pool/coverage");
    expect(PoolCoverage.parse(body)).toEqual(body);
    expect(body.hours).toEqual([2, 1, 0].map((back) => thisHourMs - back * HOUR_MS));
    expect(body.topics).toEqual([
      { topicId: "t1", topic: null, simple: [8, 9, 10], medium: [1, 1, 1], complex: [0, 0, 0] },
    ]);
    expect((await read("pool/coverage?points=1")).hours).toEqual([thisHourMs]);
  });

  it.each(["hours=169", "hours=0", "points=0", "points=1.5"])("refuses %s", async (query) => {
    const { status, body } = await server.call(`GET /api/admin/pool/coverage?${query}`, { token });
    expect([status, body.error.code]).toEqual([400, "invalid-query"]);
  });
});

describe("engagement", () => {
  it("counts sessions and viewers of today, and shares of people who came back", async () => {
    const room = await server.join((await server.guest()).token);
    await room.leave();
    let report = EngagementReport.parse(await read("engagement"));
    while (report.days[0]?.sessions.count !== 1) report = EngagementReport.parse(await read("engagement"));
    expect(report.days).toHaveLength(1);
    expect(report.days[0]?.viewers).toBeGreaterThanOrEqual(1);
    expect(report.returns.map(({ afterDays }) => afterDays)).toEqual([1, 7]);
  });
});

describe("one user", () => {
  it("is found by id, without what only they may read", async () => {
    const guest = await server.guest("Ottoline");
    const card = await read(`users/${guest.id}`);
    expect(card).toEqual({
      id: guest.id,
      name: "Ottoline",
      role: "user",
      origin: "guest",
      createdAtMs: expect.any(Number),
      lastSeenAtMs: expect.any(Number),
      tokensValidFromMs: 0,
      chatlings: 5,
    });
    await server.call(`POST /api/admin/users/${guest.id}/revoke`, { token });
    expect((await read(`users/${guest.id}`)).tokensValidFromMs).toBeGreaterThan(0);
    expect((await server.call("GET /api/admin/users/nobody", { token })).status).toBe(404);
  });
});
