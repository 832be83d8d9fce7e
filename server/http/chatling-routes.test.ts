import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { Chatling, type PlayedRole } from "#schema/api.ts";
import { sampleConversation } from "#rooms/chatroom/testing/sample-conversation.ts";
import type { Guest } from "../testing/call-api.ts";
import { openTestServer, type TestServer } from "../testing/open-test-server.ts";

let server: TestServer;
let me: Guest;
beforeAll(async () => {
  const conversations = Array.from({ length: 9 }, (_, i) =>
    sampleConversation(`c${i}`, { slots: 2 + (i % 4) }),
  );
  server = await openTestServer({ conversations });
  me = await server.guest();
});
afterAll(() => server.close());

const list = async ({ token }: Guest): Promise<Chatling[]> =>
  (await server.call("GET /api/me/chatlings", { token })).body.items;
const create = ({ token }: Guest, body: unknown) => server.call("POST /api/me/chatlings", { token, body });
const patch = ({ token }: Guest, id: string, body: unknown) =>
  server.call(`PATCH /api/me/chatlings/${id}`, { token, body });

describe("my chatlings", () => {
  it("are five to begin with, all active, each with traits derived from its texts", async () => {
    const items = await list(me);
    expect(items).toHaveLength(5);
    for (const item of items) {
      expect(Chatling.parse(item)).toEqual(item);
      expect(item.active).toBe(true);
      expect(item.traits.length).toBeGreaterThan(0);
    }
    expect(new Set(items.map(({ id }) => id)).size).toBe(5);
  });

  it("grow by one I make, common whatever I wish", async () => {
    const wish = { name: " Pip ", personality: "cheerful and curious", element: "water" };
    const { status, body } = await create(me, wish);
    expect(status).toBe(201);
    expect(body).toMatchObject({
      name: "Pip",
      rarity: "common",
      element: "water",
      active: true,
      favorite: false,
    });
    expect(body.traits).toEqual(expect.arrayContaining(["cheerful", "curious"]));
    expect(body.traitOrigins).toContainEqual({
      trait: "curious",
      words: ["curious"],
      source: "personality",
    });
    expect((await list(me)).at(-1)).toEqual(body);
  });

  it.each([
    ["nothing", {}],
    ["a bare name", { name: "Pip" }],
    ["an empty text", { name: "Pip", personality: "" }],
    ["a long text", { name: "Pip", personality: "x".repeat(1001) }],
    ["a long past", { name: "Pip", personality: "shy", backstory: "x".repeat(4001) }],
    ["an unknown element", { name: "Pip", personality: "shy", element: "plasma" }],
    ["a rarity", { name: "Pip", personality: "shy", rarity: "legendary" }],
    ["traits", { name: "Pip", personality: "shy", traits: ["brave"] }],
    ["a name that is no text", { name: ["Pip"], personality: "shy" }],
    ["a list", [{ name: "Pip", personality: "shy" }]],
  ])("do not grow by %s", async (_what, body) => {
    const before = (await list(me)).length;
    const answer = await create(me, body);
    expect([answer.status, answer.body.error.code]).toEqual([400, "invalid-body"]);
    expect(await list(me)).toHaveLength(before);
  });

  it("change only in what I name, and traits follow the text", async () => {
    const [before] = await list(me);
    const changed = await patch(me, before?.id ?? "", { personality: "shy", favorite: true });
    expect(changed.status).toBe(200);
    expect(changed.body).toMatchObject({ name: before?.name, personality: "shy", favorite: true });
    expect(changed.body.traits).toContain("shy");
    expect((await list(me))[0]).toEqual(changed.body);
  });

  it("refuse changes that are not theirs to take", async () => {
    const [before] = await list(me);
    for (const body of [
      { rarity: "epic" },
      { traits: [] },
      { name: "" },
      { active: "no" },
      { ownerId: "x" },
    ]) {
      expect((await patch(me, before?.id ?? "", body)).status).toBe(400);
    }
    expect((await list(me))[0]).toEqual(before);
  });

  it("are nobody else's to change, and do not tell that they exist", async () => {
    const other = await server.guest();
    const [mine] = await list(me);
    const foreign = await patch(other, mine?.id ?? "", { name: "Taken" });
    const unknown = await patch(other, "no-such-id", { name: "Taken" });
    expect(foreign.status).toBe(404);
    expect(foreign.body).toEqual(unknown.body);
    expect((await list(me))[0]).toEqual(mine);
  });

  it("are cast from what they are now: sent to rest, they are left out at once", async () => {
    const player = await server.guest();
    const [first, second, ...others] = await list(player);
    for (const { id } of others) await patch(player, id, { active: false });
    const { body } = await server.call("GET /api/chatroom/conversation", player);
    const cast = body.conversation.participants.map((each: { chatling_id: string }) => each.chatling_id);
    expect(new Set(cast)).toEqual(new Set([first?.id, second?.id]));
  });

  it("are at most 500", async () => {
    const collector = await server.guest();
    const [sample] = await server.app.repositories.chatlings.listByOwner(collector.id);
    if (!sample) throw new Error("a guest has chatlings");
    const many = Array.from({ length: 494 }, (_, i) => ({ ...sample, id: `${collector.id}+${i}` }));
    await server.app.repositories.chatlings.insertMany(many);
    const wish = { name: "Last", personality: "calm" };
    const answers = await Promise.all([
      create(collector, wish),
      create(collector, wish),
      create(collector, wish),
    ]);
    expect(answers.filter(({ status }) => status === 201)).toHaveLength(1);
    const refused = await create(collector, wish);
    expect([refused.status, refused.body.error.code]).toEqual([422, "collection-full"]);
    expect(await list(collector)).toHaveLength(500);
  });
});

describe("the roles my chatlings played", () => {
  it("come newest first, with how well each fitted", async () => {
    const player = await server.guest();
    expect((await server.call("GET /api/me/roles", player)).body).toEqual({ items: [] });
    const ids: string[] = [];
    for (let i = 0; i < 3; i++) {
      ids.push(
        (await server.call("GET /api/chatroom/conversation", player)).body.conversation.conversation_id,
      );
    }
    const { body } = await server.call("GET /api/me/roles?limit=2", player);
    const played = body.items.map((role: PlayedRole) => role.conversationId);
    expect(new Set(played)).toEqual(new Set(ids.slice(1)));
    const mine = new Set((await list(player)).map(({ id }) => id));
    for (const role of body.items as PlayedRole[]) {
      expect(mine).toContain(role.chatlingId);
      expect(role.score).toBeGreaterThanOrEqual(0);
      expect(role.score).toBeLessThanOrEqual(10);
    }
  });

  it("tell how each score came about, until the chatling changes", async () => {
    const player = await server.guest();
    await server.call("GET /api/chatroom/conversation", player);
    const roles = async (): Promise<PlayedRole[]> =>
      (await server.call("GET /api/me/roles", player)).body.items;
    const before = await roles();
    expect(before.length).toBeGreaterThan(1);
    for (const { fit, score } of before) {
      const parts = fit ? [fit.personality, fit.element, fit.rarity] : [];
      expect(parts.reduce((sum, { points }) => sum + points, 0)).toBeCloseTo(score, 9);
      expect(parts.reduce((sum, { most }) => sum + most, 0)).toBeCloseTo(10, 9);
      expect(fit).toMatchObject({ wantedTraits: ["cheerful"], wantedElement: null });
    }
    // Whatever it was before: a trait the part asks for, or none that it does.
    const wasCheerful = before[0]?.fit?.traits.some(({ evidence }) => evidence === 1);
    const personality = wasCheerful ? "serious" : "cheerful, happy and jolly";
    await patch(player, before[0]?.chatlingId ?? "", { personality, backstory: "" });
    const after = await roles();
    expect(after[0]?.fit).toBeUndefined();
    expect(after[1]?.fit).toEqual(before[1]?.fit);
  });

  it("refuse a strange limit", async () => {
    for (const query of ["limit=0", "limit=201", "limit=x", "limit=1.5", "limit=1&limit=2"]) {
      expect((await server.call(`GET /api/me/roles?${query}`, me)).status).toBe(400);
    }
  });
});
