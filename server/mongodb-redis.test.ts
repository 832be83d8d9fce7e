import type { ChildProcess } from "node:child_process";
import { randomUUID } from "node:crypto";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ColyseusSDK } from "@colyseus/sdk";
import { createConnection } from "mongoose";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { findFreePort } from "#loadtest/process/free-port.ts";
import { becomeGuest, createCall, joinChatroom, type CallApi } from "./testing/call-api.ts";
import { endProcesses, startProcess, type ServerProcess } from "./testing/start-process.ts";
import { hasRedis, REDIS, startRedis } from "./testing/start-redis.ts";

const mongo = process.env["PARLEY_TEST_MONGODB_URI"];
if (mongo === undefined || !hasRedis) {
  const reasons = [
    !hasRedis && `${REDIS} is not installed`,
    mongo === undefined && "PARLEY_TEST_MONGODB_URI is not set",
  ];
  console.info(`Skipped with several processes: ${reasons.filter(Boolean).join("; ")}.`);
}

interface Member {
  readonly started: ServerProcess;
  readonly url: string;
  readonly call: CallApi;
}

describe.skipIf(mongo === undefined || !hasRedis)("two processes on one Redis", { timeout: 60_000 }, () => {
  let root: string;
  const uri = new URL(mongo ?? "mongodb://nowhere");
  uri.pathname = `/parley_redis_${randomUUID().slice(0, 8)}`;
  let redisPort: number;
  let redis: ChildProcess;
  let a: Member;
  let b: Member;

  async function startMember(name: string): Promise<Member> {
    const port = String(await findFreePort());
    const started = startProcess(join(root, name), {
      PORT: port,
      PUBLIC_ADDRESS: `127.0.0.1:${port}`,
      REDIS_URL: `redis://127.0.0.1:${redisPort}`,
      MONGODB_URI: uri.href,
      JWT_SECRET: "the same for both of them",
      DATA_KEY: "ab".repeat(32),
    });
    const url = await started.url;
    const call = createCall(url);
    while ((await call("GET /ready")).status !== 200);
    return { started, url, call };
  }

  beforeAll(async () => {
    root = mkdtempSync(join(tmpdir(), "parley-redis-"));
    redisPort = await findFreePort();
    redis = await startRedis(redisPort, root);
    a = await startMember("a");
    b = await startMember("b");
  }, 60_000);

  afterAll(async () => {
    await endProcesses();
    redis.kill("SIGKILL");
    const connection = await createConnection(uri.href).asPromise();
    await connection.db?.dropDatabase();
    await connection.close();
    rmSync(root, { recursive: true, force: true });
  });

  const listed = async ({ call }: Member, token: string): Promise<{ roomId: string; viewers: number }[]> =>
    (await call("GET /api/chatrooms", { token })).body.items;

  it("show their viewers the same conversation, whichever they come through", async () => {
    const [ann, ben] = [await becomeGuest(a.call), await becomeGuest(b.call)];
    const hers = await joinChatroom(a.url, ann.token);
    // Listings of other processes are read at most a second late.
    while ((await listed(b, ben.token)).length === 0);
    const his = await joinChatroom(b.url, ben.token);
    expect(his.roomId).toBe(hers.roomId);
    await Promise.all([hers, his].map((room) => new Promise((resolve) => room.onStateChange.once(resolve))));
    expect(his.state.conversationId).toBe(hers.state.conversationId);
    expect((await listed(a, ann.token))[0]).toMatchObject({ roomId: hers.roomId, viewers: 2 });
    await Promise.all([hers.leave(), his.leave()]);
  });

  it("let the page reach a seat in another process", async () => {
    const policy = (await a.call("GET /")).headers.get("content-security-policy");
    expect(policy).toContain("connect-src 'self' ws: wss:");
  });

  it("end all sessions of somebody who is erased, wherever they sit", async () => {
    // Whichever process has the rooms, one of the two orders comes from outside.
    for (const [own, other] of [
      [a, b],
      [b, a],
    ] as const) {
      const ann = await becomeGuest(own.call);
      const room = await joinChatroom(own.url, ann.token);
      const left = new Promise<number>((resolve) => room.onLeave(resolve));
      expect((await other.call("DELETE /api/me", ann)).status).toBe(204);
      expect(await left).toBe(4000);
    }
  });

  it("go on when Redis is lost, and take viewers again when it is back", async () => {
    const ann = await becomeGuest(a.call);
    redis.kill("SIGKILL");
    await once(redis, "exit");
    for (const { call } of [a, b]) {
      expect((await call("GET /health")).body.status).toBe("ok");
      expect((await call("GET /api/chatroom/conversation", ann)).status).toBe(200);
    }
    const lost = await a.call("GET /api/chatrooms", ann);
    expect([lost.status, lost.body.error.code]).toEqual([503, "unavailable"]);
    redis = await startRedis(redisPort, root);
    const room = await joinChatroom(b.url, ann.token);
    expect(room.connection.isOpen).toBe(true);
    await room.leave();
    for (const { started } of [a, b]) expect(started.err()).toBe("");
  });

  it("clear away what one that is killed left behind", async () => {
    const ann = await becomeGuest(a.call);
    const seat = (await a.call("POST /matchmake/joinOrCreate/chatroom", { ...ann, body: {} })).body;
    const room = await new ColyseusSDK(a.url).consumeSeatReservation(seat);
    room.reconnection.enabled = false;
    const [host, other] = seat.publicAddress === new URL(a.url).host ? [a, b] : [b, a];
    while ((await listed(other, ann.token))[0]?.roomId !== seat.roomId);
    await host.started.end("SIGKILL");
    while ((await listed(other, ann.token)).length > 0);
    // The listing is clean a moment before the log says so.
    await expect.poll(() => other.started.out(), { timeout: 5000 }).toContain("a process died");
    const next = await joinChatroom(other.url, ann.token);
    expect(next.connection.isOpen).toBe(true);
  });
});
