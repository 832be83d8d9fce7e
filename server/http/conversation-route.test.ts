import { request } from "node:http";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { ConversationAnswer, type ConversationView } from "#schema/api.ts";
import { DIFFICULTIES } from "#schema/vocabulary.ts";
import { sampleConversation } from "#rooms/chatroom/testing/sample-conversation.ts";
import type { Guest } from "../testing/call-api.ts";
import { openTestServer, type TestServer } from "../testing/open-test-server.ts";

const NOTHING = { message: "No new conversations available", conversation: null };

// Twelve of each difficulty, with two to five slots.
const conversations = DIFFICULTIES.flatMap((difficulty) =>
  Array.from({ length: 12 }, (_, i) =>
    sampleConversation(`${difficulty}-${i}`, { difficulty, slots: 2 + (i % 4) }),
  ),
);

let server: TestServer;
beforeAll(async () => {
  server = await openTestServer({ conversations });
});
afterAll(() => server.close());

const ask = (guest: Guest, query = "") => server.call(`GET /api/chatroom/conversation${query}`, guest);
async function take(guest: Guest, query = ""): Promise<ConversationView> {
  const { body } = await ask(guest, query);
  const { conversation } = ConversationAnswer.parse(body);
  if (!conversation) throw new Error("there is none left");
  return conversation;
}

describe("a conversation by HTTP", () => {
  it("has the documented shape, and is kept by no cache", async () => {
    const guest = await server.guest();
    const { status, body, headers } = await ask(guest);
    expect(status).toBe(200);
    expect(headers.get("cache-control")).toBe("no-store");
    expect(Object.keys(body)).toEqual(["success", "conversation"]);
    const { conversation } = ConversationAnswer.parse(body);
    expect(body.conversation).toEqual(conversation);
    const stored = await server.app.repositories.conversations.get(conversation?.conversation_id ?? "");
    expect(conversation).toMatchObject({
      topic: stored?.topicText,
      overall_sentiment: stored?.overallSentiment,
      difficulty: stored?.difficulty,
    });
    expect(conversation?.messages.map(({ message_order }) => message_order)).toEqual(
      stored?.messages.map(({ order }) => order),
    );
    expect(conversation?.participants.map(({ role_slot }) => role_slot).toSorted()).toEqual(
      stored?.roles.map(({ slot }) => slot),
    );
  });

  it("is played by my own chatlings, each in one role, who call each other by their names", async () => {
    const guest = await server.guest();
    const mine = (await server.call("GET /api/me/chatlings", guest)).body.items;
    const names = new Map(mine.map(({ id, name }: { id: string; name: string }) => [id, name]));
    const { participants, messages } = await take(guest);
    expect(new Set(participants.map(({ chatling_id }) => chatling_id)).size).toBe(participants.length);
    for (const { chatling_id, chatling_name, match_score } of participants) {
      expect(names.get(chatling_id)).toBe(chatling_name);
      expect(match_score).toBeGreaterThanOrEqual(0);
      expect(match_score).toBeLessThanOrEqual(10);
    }
    const bySlot = new Map(participants.map((each) => [each.role_slot, each]));
    for (const { chatling_id, chatling_name, message_order, message_text } of messages) {
      expect(bySlot.get(message_order % participants.length)).toMatchObject({ chatling_id, chatling_name });
      const addressed = bySlot.get((message_order + 1) % participants.length);
      expect(message_text).toContain(`said to ${addressed?.chatling_name}.`);
      expect(message_text).not.toContain("{");
    }
  });

  it("never comes twice, and when all have come the answer says so", async () => {
    const guest = await server.guest();
    const seen = new Set<string>();
    for (const _ of conversations) seen.add((await take(guest)).conversation_id);
    expect(seen.size).toBe(conversations.length);
    const { status, body } = await ask(guest);
    expect([status, body]).toEqual([200, NOTHING]);
    await server.app.repositories.conversations.insertMany([sampleConversation("late")]);
    server.app.pool.sync.notify([sampleConversation("late")]);
    expect((await take(guest)).conversation_id).toBe("late");
  });

  it("comes once each to thirty requests at once", async () => {
    const guest = await server.guest();
    const ids = await Promise.all(
      Array.from({ length: 30 }, async () => (await take(guest)).conversation_id),
    );
    expect(new Set(ids).size).toBe(30);
    expect(await server.app.repositories.views.recent(guest.id, 100)).toHaveLength(30);
  });

  it("is of the difficulty I ask for, as long as there is one", async () => {
    const guest = await server.guest();
    for (let i = 0; i < 12; i++)
      expect((await take(guest, "?difficulty=complex")).difficulty).toBe("complex");
    expect((await ask(guest, "?difficulty=complex")).body).toEqual(NOTHING);
    expect((await take(guest, "?difficulty=medium")).difficulty).toBe("medium");
  });

  it("may be the same for two people, played by other names", async () => {
    const [ann, ben] = [await server.guest(), await server.guest()];
    const chatlings = (await server.call("GET /api/me/chatlings", ben)).body.items;
    for (const [i, { id }] of chatlings.entries()) {
      await server.call(`PATCH /api/me/chatlings/${id}`, { ...ben, body: { name: `Benling ${i}` } });
    }
    const drain = async (guest: Guest) => {
      const views: ConversationView[] = [];
      for (const _ of conversations) views.push(await take(guest));
      return views;
    };
    const hers = new Map((await drain(ann)).map((view) => [view.conversation_id, view]));
    for (const his of await drain(ben)) {
      const same = hers.get(his.conversation_id);
      if (!same) continue;
      expect(same.messages).toHaveLength(his.messages.length);
      expect(JSON.stringify(same)).not.toContain("Benling");
      expect(his.messages.every(({ chatling_name }) => chatling_name.startsWith("Benling"))).toBe(true);
    }
  });

  it("is none with fewer than two active chatlings, and none with more roles than those I have", async () => {
    const guest = await server.guest();
    const ids = (await server.call("GET /api/me/chatlings", guest)).body.items.map(
      (each: { id: string }) => each.id,
    );
    const rest = (id: string) =>
      server.call(`PATCH /api/me/chatlings/${id}`, { ...guest, body: { active: false } });
    for (const id of ids.slice(2)) await rest(id);
    for (let i = 0; i < 5; i++) expect((await take(guest)).participants).toHaveLength(2);
    await rest(ids[1]);
    expect((await ask(guest)).body).toEqual(NOTHING);
    expect(await server.app.repositories.views.recent(guest.id, 100)).toHaveLength(5);
  });
});

describe("a conversation is not given", () => {
  it("by HEAD, which would use one up unseen", async () => {
    const guest = await server.guest();
    // Fetch gives no access to a HEAD answer's body; there must be none.
    const { statusCode, headers } = await new Promise<{
      statusCode?: number;
      headers: Record<string, unknown>;
    }>((resolve, reject) => {
      const options = { method: "HEAD", headers: { authorization: `Bearer ${guest.token}` } };
      request(`${server.url}/api/chatroom/conversation`, options, (response) =>
        resolve(response.resume() as never),
      )
        .on("error", reject)
        .end();
    });
    expect([statusCode, headers["allow"]]).toEqual([405, "GET"]);
    expect(await server.app.repositories.views.recent(guest.id, 1)).toEqual([]);
  });

  it("to nobody", async () => {
    const { status, body } = await server.call("GET /api/chatroom/conversation");
    expect([status, body.error.code]).toEqual([401, "token-missing"]);
  });

  it("to who asks for what there is not", async () => {
    const guest = await server.guest();
    for (const query of [
      "?difficulty=easy",
      "?difficulty=",
      "?difficulty=simple&difficulty=medium",
      "?topic=x",
    ]) {
      const { status, body } = await ask(guest, query);
      expect([query, status, body.error.code]).toEqual([query, 400, "invalid-query"]);
    }
    expect(await server.app.repositories.views.recent(guest.id, 1)).toEqual([]);
  });
});
