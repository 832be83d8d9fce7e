import { randomUUID } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createConnection } from "mongoose";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { becomeGuest, createCall, joinChatroom } from "./testing/call-api.ts";
import { endProcesses, startProcess } from "./testing/start-process.ts";

const server = process.env["PARLEY_TEST_MONGODB_URI"];
if (server === undefined) {
  console.info("Skipped on MongoDB: PARLEY_TEST_MONGODB_URI names no server (.ci/secantus.sh starts one).");
}

describe.skipIf(server === undefined)("the whole server on MongoDB", () => {
  const uri = new URL(server ?? "mongodb://nowhere");
  uri.pathname = `/parley_server_${randomUUID().slice(0, 8)}`;
  let dataDir: string;

  beforeAll(() => {
    dataDir = mkdtempSync(join(tmpdir(), "parley-mongodb-"));
  });

  afterAll(async () => {
    await endProcesses();
    const connection = await createConnection(uri.href).asPromise();
    await connection.db?.dropDatabase();
    await connection.close();
    rmSync(dataDir, { recursive: true, force: true });
  });

  it("fills its pool, gives conversations, plays one, keeps everything over kill -9, and erases", async () => {
    const open = async () => {
      const started = startProcess(dataDir, { MONGODB_URI: uri.href, PLAYBACK_SPEED: "1000" });
      const url = await started.url;
      const call = createCall(url);
      while ((await call("GET /ready")).status !== 200);
      return { started, url, call };
    };
    const first = await open();
    const me = await becomeGuest(first.call, "Ada");
    await first.call("POST /api/me/chatlings", { ...me, body: { name: "Pip", personality: "brave" } });
    const given = (await first.call("GET /api/chatroom/conversation", me)).body.conversation;
    const room = await joinChatroom(first.url, me.token);
    await new Promise<void>((resolve) => {
      room.onStateChange((state) => state.lines.length > 2 && resolve());
    });
    expect(room.state.conversationId).not.toBe(given.conversation_id);
    await first.started.end("SIGKILL");

    const second = await open();
    const { body } = await second.call("GET /api/me/export", me);
    expect(body.user).toMatchObject({ id: me.id, name: "Ada" });
    expect(body.chatlings).toHaveLength(6);
    expect(body.views[0].conversationId).toBe(given.conversation_id);
    expect((await second.call("DELETE /api/me", me)).status).toBe(204);
    expect((await second.call("GET /api/me", me)).status).toBe(401);
    expect(await second.started.end("SIGTERM")).toBe(0);
  }, 60_000);
});
