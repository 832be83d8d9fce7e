import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { GenerationJob } from "#schema/desk.ts";
import { StoredConversation } from "#schema/stored/conversation.ts";
import { sampleConversation } from "#rooms/chatroom/testing/sample-conversation.ts";
import { toTrustedUserId } from "../identity.ts";
import type { Guest } from "../testing/call-api.ts";
import { openTestServer, type TestServer } from "../testing/open-test-server.ts";

let server: TestServer;
let token: string;
beforeAll(async () => {
  const conversations = Array.from({ length: 60 }, (_, i) => sampleConversation(`c${i}`));
  server = await openTestServer({ conversations });
  token = await server.operator();
});
afterAll(() => server.close());

const importCollections = (users: unknown) =>
  server.call("POST /api/admin/chatlings/import", { token, body: { users } });
const chatlingsOf = async (guest: Guest) => (await server.call("GET /api/me/chatlings", guest)).body.items;
const creature = (externalId: string, more: object = {}) => ({
  externalId,
  name: `Creature ${externalId}`,
  personality: "bold and bright",
  rarity: "epic",
  element: "fire",
  ...more,
});

describe("what only operators may do", () => {
  it.each([
    "GET /api/admin/pool",
    "POST /api/admin/pool/generate",
    "GET /api/admin/pool/generate",
    "GET /api/admin/pool/generate/x",
    "GET /api/admin/pool/conversations",
    "GET /api/admin/pool/conversations/c1",
    "DELETE /api/admin/pool/conversations/c1",
    "GET /api/admin/topics",
    "POST /api/admin/topics",
    "POST /api/admin/topics/import",
    "PATCH /api/admin/topics/x",
    "DELETE /api/admin/topics/x",
    "GET /api/admin/users",
    "POST /api/admin/users/x/revoke",
    "POST /api/admin/chatlings/import",
  ] as const)("%s", async (line) => {
    const { token: user } = await server.guest();
    const refused = await server.call(line, { token: user });
    expect([refused.status, refused.body.error.code]).toEqual([403, "operators-only"]);
    expect((await server.call(line)).status).toBe(401);
  });
});

describe("the pool's report", () => {
  it("has the documented figures", async () => {
    const player = await server.guest();
    const cast = (await server.call("GET /api/chatroom/conversation", player)).body.conversation.participants;
    const scores: number[] = cast.map(({ match_score }: { match_score: number }) => match_score);
    const { status, body } = await server.call("GET /api/admin/pool", { token });
    expect(status).toBe(200);
    expect(body).toEqual({
      generation_by_method: expect.any(Object),
      active_conversations: 60,
      fill_share: 60 / 2400,
      average_age_hours: expect.any(Number),
      view_count_per_conversation: expect.closeTo(1 / 60, 5),
      unique_users_24h: 1,
      generation_success_rate: null,
      average_match_score: expect.closeTo(scores.reduce((sum, score) => sum + score, 0) / scores.length, 1),
      coverage_by_difficulty: { simple: 60, medium: 0, complex: 0 },
      isLeader: false,
      alerts: [],
    });
  });

  it("grows by what is written on demand", async () => {
    const { status, body } = await server.call("POST /api/admin/pool/generate", {
      token,
      body: { count: 3 },
    });
    expect(status).toBe(202);
    expect(GenerationJob.parse(body)).toMatchObject({ wanted: 3, written: 0, endedAtMs: null });
    const report = async () => (await server.call("GET /api/admin/pool", { token })).body;
    while ((await report()).generation_success_rate === null);
    expect(await report()).toMatchObject({ active_conversations: 63, generation_success_rate: 1 });
  });

  it("tells how the writing goes, and which was asked for", async () => {
    const { jobId } = (await server.call("POST /api/admin/pool/generate", { token, body: { count: 2 } }))
      .body;
    await server.app.pool.generation.settled();
    const job = await server.call(`GET /api/admin/pool/generate/${jobId}`, { token });
    expect(job.status).toBe(200);
    expect(job.body).toMatchObject({ jobId, status: "done", wanted: 2, written: 2, failed: 0 });
    expect(job.body.endedAtMs).toBeGreaterThanOrEqual(job.body.askedAtMs);
    const { body } = await server.call("GET /api/admin/pool/generate", { token });
    expect(body.items[0]).toEqual(job.body);
    const unknown = await server.call("GET /api/admin/pool/generate/no-such-job", { token });
    expect([unknown.status, unknown.body.error.code]).toEqual([404, "not-found"]);
  });

  it.each([{ count: 0 }, { count: 501 }, { count: 1.5 }, { count: "3" }, { number: 3 }])(
    "does not grow by %j",
    async (body) => {
      const size = server.app.pool.active.size;
      expect((await server.call("POST /api/admin/pool/generate", { token, body })).status).toBe(400);
      expect(server.app.pool.active.size).toBe(size);
    },
  );
});

describe("the pool's conversations", () => {
  it("are listed whole, newest first, in pages", async () => {
    const { body } = await server.call("GET /api/admin/pool/conversations?limit=2", { token });
    expect(body.items).toHaveLength(2);
    for (const item of body.items) expect(StoredConversation.parse(item)).toEqual(item);
    const next = await server.call(
      `GET /api/admin/pool/conversations?limit=2&cursor=${encodeURIComponent(body.nextCursor)}`,
      { token },
    );
    const ids = [...body.items, ...next.body.items].map(({ id }: { id: string }) => id);
    expect(new Set(ids).size).toBe(4);
  });

  it("can be taken out: nobody is given it any more, and it is gone", async () => {
    const path = "/api/admin/pool/conversations/c7";
    expect((await server.call(`GET ${path}`, { token })).body.id).toBe("c7");
    expect((await server.call(`DELETE ${path}`, { token })).status).toBe(204);
    expect((await server.call(`GET ${path}`, { token })).status).toBe(404);
    expect((await server.call(`DELETE ${path}`, { token })).status).toBe(404);
    expect(server.app.pool.active.get("c7")).toBeUndefined();
  });
});

describe("importing collections", () => {
  it("gives a user of ours what they own elsewhere, to be cast at once", async () => {
    const player = await server.guest();
    await server.call("GET /api/chatroom/conversation", player);
    const { status, body } = await importCollections([
      { userId: player.id, chatlings: [creature("a"), creature("b")] },
    ]);
    expect([status, body]).toEqual([200, { users: 1, chatlings: 2 }]);
    const items = await chatlingsOf(player);
    expect(items).toHaveLength(7);
    expect(items.at(-1)).toMatchObject({ name: "Creature b", rarity: "epic", element: "fire", active: true });
    const casts = await server.app.repositories.chatlings.listByOwner(player.id);
    for (const { id } of casts.filter(({ externalId }) => !externalId)) {
      await server.call(`PATCH /api/me/chatlings/${id}`, { ...player, body: { active: false } });
    }
    const { conversation } = (await server.call("GET /api/chatroom/conversation", player)).body;
    const names = conversation.participants
      .map((each: { chatling_name: string }) => each.chatling_name)
      .toSorted();
    expect(names).toEqual(["Creature a", "Creature b"]);
  });

  it("updates what was imported before and keeps what belongs to us", async () => {
    const player = await server.guest();
    await importCollections([{ userId: player.id, chatlings: [creature("a")] }]);
    const before = (await chatlingsOf(player)).at(-1);
    await server.call(`PATCH /api/me/chatlings/${before.id}`, { ...player, body: { favorite: true } });
    await importCollections([
      { userId: player.id, chatlings: [creature("a", { name: "Renamed", rarity: "rare" })] },
    ]);
    const items = await chatlingsOf(player);
    expect(items).toHaveLength(6);
    expect(items.at(-1)).toMatchObject({ id: before.id, name: "Renamed", rarity: "rare", favorite: true });
  });

  it("knows a trusted game's players before they come", async () => {
    const player = {
      issuer: "https://game.example",
      subject: "p1",
      name: "Player One",
      chatlings: [creature("z")],
    };
    expect((await importCollections([player])).status).toBe(200);
    expect((await importCollections([player])).status).toBe(200);
    const { userId } = toTrustedUserId(player.issuer, player.subject);
    expect(await server.app.repositories.users.get(userId)).toMatchObject({
      name: "Player One",
      origin: "imported",
    });
    expect(await server.app.repositories.chatlings.countByOwner(userId)).toBe(1);
  });

  it.each([
    ["a user who does not exist", "unknown-user", { userId: "nobody" }],
    ["nobody named", "unclear-user", {}],
    ["half a name", "unclear-user", { issuer: "game" }],
    ["two names", "unclear-user", { userId: "me", issuer: "game", subject: "p" }],
  ])("imports nothing at all when one entry has %s", async (_what, code, who) => {
    const player = await server.guest();
    const good = { userId: player.id, chatlings: [creature("a")] };
    const stranger = { issuer: "game", subject: `with ${code}`, chatlings: [creature("a")] };
    const id = (who as { userId?: string }).userId === "me" ? { ...who, userId: player.id } : who;
    const { status, body } = await importCollections([good, stranger, { ...id, chatlings: [creature("b")] }]);
    expect([status, body.error.code, body.error.details]).toEqual([422, code, { index: 2 }]);
    expect(await chatlingsOf(player)).toHaveLength(5);
    expect(
      await server.app.repositories.users.get(toTrustedUserId("game", `with ${code}`).userId),
    ).toBeNull();
  });

  it("never makes a collection larger than 500", async () => {
    const player = await server.guest();
    const many = (from: number, count: number) =>
      Array.from({ length: count }, (_, i) => creature(`n${from + i}`));
    const over = await importCollections([{ userId: player.id, chatlings: many(0, 496) }]);
    expect([over.status, over.body.error.code]).toEqual([422, "collection-full"]);
    const twice = { userId: player.id, chatlings: many(0, 250) };
    const halves = await importCollections([twice, { ...twice, chatlings: many(250, 246) }]);
    expect([halves.status, halves.body.error.details]).toEqual([422, { index: 1 }]);
    expect(await chatlingsOf(player)).toHaveLength(5);
    expect((await importCollections([twice, twice])).status).toBe(200);
    expect(await chatlingsOf(player)).toHaveLength(255);
  });

  it.each([
    ["no users", []],
    ["no chatlings", [{ userId: "x", chatlings: [] }]],
    ["no external id", [{ userId: "x", chatlings: [{ ...creature("a"), externalId: undefined }] }]],
    ["an unknown rarity", [{ userId: "x", chatlings: [creature("a", { rarity: "mythic" })] }]],
    ["an owner of its own", [{ userId: "x", chatlings: [creature("a", { ownerId: "y" })] }]],
  ])("refuses a body with %s", async (_what, users) => {
    const { status, body } = await importCollections(users);
    expect([status, body.error.code]).toEqual([400, "invalid-body"]);
  });
});

describe("finding users", () => {
  it("lists them newest first, or by all the words of their name", async () => {
    const { id } = await server.guest("Ottoline Périgord");
    await server.guest("Ottoline Other");
    const find = async (query: string) =>
      (await server.call(`GET /api/admin/users?${query}`, { token })).body.items;
    expect((await find("limit=2")).map(({ name }: { name: string }) => name)).toEqual([
      "Ottoline Other",
      "Ottoline Périgord",
    ]);
    const found = await find("name=perigord%20OTTOLINE");
    expect(found).toEqual([
      {
        id,
        name: "Ottoline Périgord",
        role: "user",
        origin: "guest",
        createdAtMs: expect.any(Number),
        lastSeenAtMs: expect.any(Number),
      },
    ]);
    expect(await find("name=nobody")).toEqual([]);
    expect((await server.call("POST /api/admin/users/nobody/revoke", { token })).status).toBe(404);
  });
});
