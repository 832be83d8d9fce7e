import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, expect, it } from "vitest";
import { WebSocket } from "ws";
import { becomeGuest, createCall, joinChatroom } from "./testing/call-api.ts";
import { ADMIN_PASSWORD } from "./testing/open-test-server.ts";
import { endProcesses, startProcess, type ServerProcess } from "./testing/start-process.ts";

const root = mkdtempSync(join(tmpdir(), "parley-life-"));
afterEach(endProcesses);
afterAll(() => rmSync(root, { recursive: true, force: true }));

async function open(server: ServerProcess) {
  const url = await server.url;
  const call = createCall(url);
  while ((await call("GET /ready")).status !== 200);
  return { url, call };
}

it("a server that is killed loses nothing it acknowledged", async () => {
  const dir = join(root, "killed");
  const first = startProcess(dir);
  const { call } = await open(first);
  const me = await becomeGuest(call, "Ada");
  const made = { name: "Pip", personality: "brave", backstory: "Fell from the moon." };
  const seen: string[] = [];
  for (let i = 0; i < 3; i++) {
    seen.push((await call("GET /api/chatroom/conversation", me)).body.conversation.conversation_id);
  }
  const answers = await Promise.all([
    call("POST /api/me/chatlings", { ...me, body: made }),
    call("PATCH /api/me", { ...me, body: { name: "Ada Again" } }),
  ]);
  void first.end("SIGKILL");
  expect(answers.map(({ status }) => status)).toEqual([201, 200]);
  expect(await first.ended).toBe("SIGKILL");

  const { call: again } = await open(startProcess(dir));
  expect((await again("GET /api/me", me)).body).toEqual({ id: me.id, name: "Ada Again", role: "user" });
  const { items } = (await again("GET /api/me/chatlings", me)).body;
  expect(items).toHaveLength(6);
  expect(items.at(-1)).toMatchObject(made);
  const { views } = (await again("GET /api/me/export", me)).body;
  const viewed = views.map(({ conversationId }: { conversationId: string }) => conversationId);
  expect(viewed).toEqual(seen);
  expect(seen).not.toContain(
    (await again("GET /api/chatroom/conversation", me)).body.conversation.conversation_id,
  );
});

it("a server that is told to stop drains and ends well, though a client hangs", async () => {
  const dir = join(root, "drained");
  const server = startProcess(dir);
  const { url, call } = await open(server);
  const metrics = String((await call("GET /metrics")).body);
  for (const name of [
    "parley_pool_active_conversations",
    "parley_pool_age_seconds",
    "parley_casting_score_count",
  ]) {
    expect(metrics).toMatch(new RegExp(`^${name}(\\{pool="chatroom"\\})? \\d`, "m"));
  }

  const viewer = await joinChatroom(url, (await becomeGuest(call)).token);
  const left = new Promise<number>((resolve) => viewer.onLeave(resolve));
  const seat = (
    await call("POST /matchmake/joinOrCreate/chatroom", { ...(await becomeGuest(call)), body: {} })
  ).body;
  const hanging = new WebSocket(
    `${url.replace("http", "ws")}/${seat.processId}/${seat.roomId}?sessionId=${seat.sessionId}`,
  );
  await new Promise((resolve) => hanging.once("message", resolve));
  hanging.on("error", () => {});
  hanging.pause();
  expect(String((await call("GET /metrics")).body)).toMatch(/^parley_chatroom_viewers 2$/m);

  const ended = server.end("SIGTERM");
  expect(await left).toBe(4001);
  expect(await ended).toBe(0);
  expect(server.err()).toBe("");
  expect(readdirSync(dir)).not.toContain("running.json");
});

it("the log of a whole session holds no token, password, name or text of anybody", async () => {
  const server = startProcess(join(root, "logged"), { LOG_LEVEL: "trace", PLAYBACK_SPEED: "1000" });
  const { url, call } = await open(server);
  const me = await becomeGuest(call, "Secretname");
  const made = { name: "Hushling", personality: "brave hushhush", backstory: "Hidden past." };
  await call("POST /api/me/chatlings", { ...me, body: made });
  await call("POST /api/me/chatlings", { ...me, body: `{"name":"Hushling","personality":` });
  await call("GET /api/me", { token: `${me.token}x` });
  const operator = (await call("POST /api/auth/admin", { body: { password: ADMIN_PASSWORD } })).body.token;
  await call("POST /api/auth/admin", { body: { password: "wrongguess" } });
  await call("GET /api/admin/users?name=Secretname", { token: operator });
  const room = await joinChatroom(url, me.token);
  const lines = new Set<string>();
  await new Promise<void>((resolve) => {
    room.onStateChange((state) => {
      for (const { text } of state.lines) lines.add(text);
      if (lines.size >= 3) resolve();
    });
  });
  room.send("react", { order: "Hushling" });
  room.send("no such message", { text: "Hushling" });
  const noticed = new Promise((resolve) => room.onMessage("notice", resolve));
  room.send("favorite", { chatlingId: "Hushling", favorite: true });
  await noticed;
  await room.leave();
  await call("DELETE /api/me", me);
  expect(await server.end("SIGTERM")).toBe(0);

  const log = server.out() + server.err();
  expect(log).toContain("shutting down");
  const secrets = [
    me.token,
    me.token.split(".")[2] ?? "",
    operator,
    ADMIN_PASSWORD,
    "wrongguess",
    "Secretname",
  ];
  for (const secret of [...secrets, "Hushling", "hushhush", "Hidden past", ...lines]) {
    expect(log.includes(secret), `${secret} in the log`).toBe(false);
  }
});
