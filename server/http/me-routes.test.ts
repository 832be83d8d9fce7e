import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { sampleConversation } from "#rooms/chatroom/testing/sample-conversation.ts";
import { openTestServer, type TestServer } from "../testing/open-test-server.ts";

let server: TestServer;
beforeAll(async () => {
  const conversations = Array.from({ length: 40 }, (_, i) => sampleConversation(`c${i}`));
  server = await openTestServer({ conversations });
});
afterAll(() => server.close());

const view = (token: string) => server.call("GET /api/chatroom/conversation", { token });

/** What the store holds of a user, everywhere. */
async function holdings(userId: string) {
  const { users, chatlings, views } = server.app.repositories;
  return {
    user: await users.get(userId),
    chatlings: await chatlings.countByOwner(userId),
    views: (await views.recent(userId, 100)).length,
  };
}
const NOTHING = { user: null, chatlings: 0, views: 0 };

describe("my profile", () => {
  it("tells who I am, and takes another name at once", async () => {
    const { token, id } = await server.guest("Ada");
    expect((await server.call("GET /api/me", { token })).body).toEqual({ id, name: "Ada", role: "user" });
    const renamed = await server.call("PATCH /api/me", { token, body: { name: " Bea " } });
    expect([renamed.status, renamed.body.name]).toEqual([200, "Bea"]);
    expect((await server.call("GET /api/me", { token })).body.name).toBe("Bea");
    expect((await server.app.repositories.users.get(id))?.name).toBe("Bea");
  });

  it.each([{}, { name: "" }, { name: "x", role: "admin" }, { id: "other", name: "x" }])(
    "is not changed by %j",
    async (body) => {
      const { token } = await server.guest("Ada");
      const answer = await server.call("PATCH /api/me", { token, body });
      expect([answer.status, answer.body.error.code]).toEqual([400, "invalid-body"]);
      expect((await server.call("GET /api/me", { token })).body.name).toBe("Ada");
    },
  );
});

describe("the export", () => {
  it("holds everything of mine and nothing of anybody else's", async () => {
    const other = await server.guest("Somebody Else");
    await view(other.token);
    const { token, id } = await server.guest("Ada");
    const made = { name: "Pip", personality: "brave", backstory: "Fell from the moon." };
    await server.call("POST /api/me/chatlings", { token, body: made });
    const seen = await view(token);

    const { status, body } = await server.call("GET /api/me/export", { token });
    expect(status).toBe(200);
    expect(body.user).toMatchObject({ id, name: "Ada", origin: "guest" });
    expect(body.chatlings).toHaveLength(6);
    expect(body.chatlings.at(-1)).toMatchObject({ ...made, ownerId: id });
    expect(body.views).toHaveLength(1);
    expect(body.views[0].conversationId).toBe(seen.body.conversation.conversation_id);
    expect(JSON.stringify(body)).not.toContain(other.id);
    expect(JSON.stringify(body)).not.toContain("Somebody Else");
  });
});

describe("erasing me", () => {
  it("leaves nothing, and nobody else is touched", async () => {
    const other = await server.guest("Other");
    await view(other.token);
    const { token, id } = await server.guest("Ada");
    await view(token);
    expect(await holdings(id)).toMatchObject({ chatlings: 5, views: 1 });

    const { status, body } = await server.call("DELETE /api/me", { token });
    expect([status, body]).toEqual([204, ""]);
    expect(await holdings(id)).toEqual(NOTHING);
    expect((await server.call("GET /api/me", { token })).status).toBe(401);
    const operator = await server.operator();
    const found = await server.call("GET /api/admin/users?name=Ada", { token: operator });
    expect(found.body.items.map((user: { id: string }) => user.id)).not.toContain(id);
    expect(await holdings(other.id)).toMatchObject({ chatlings: 5, views: 1 });
  });

  it("ends what I am watching, and writes nothing when that ends", async () => {
    const { token, id } = await server.guest("Ada");
    const { token: otherToken } = await server.guest("Other");
    const [room, others] = [await server.join(token), await server.join(otherToken)];
    expect(others.roomId).toBe(room.roomId);
    const left = new Promise<number>((resolve) => room.onLeave(resolve));
    await server.call("DELETE /api/me", { token });
    expect(await left).toBe(4000);
    expect(others.connection.isOpen).toBe(true);
    await others.leave();
    expect(await holdings(id)).toEqual(NOTHING);
    await expect(server.join(token)).rejects.toThrow(/^token-invalid: /);
  });

  it("lets a seat that was given before write nothing either", async () => {
    const { token, id } = await server.guest("Ada");
    const seat = await server.call("POST /matchmake/joinOrCreate/chatroom", { token, body: {} });
    expect(seat.status).toBe(200);
    await server.call("DELETE /api/me", { token });
    const { token: otherToken } = await server.guest("Other");
    const others = await server.join(otherToken);
    const socket = new WebSocket(
      `${server.url.replace("http", "ws")}/${seat.body.processId}/${seat.body.roomId}?sessionId=${seat.body.sessionId}`,
    );
    await new Promise((resolve) => socket.addEventListener("message", resolve, { once: true }));
    const closed = new Promise((resolve) => socket.addEventListener("close", resolve, { once: true }));
    socket.close();
    await closed;
    await others.leave();
    expect(await holdings(id)).toEqual(NOTHING);
  });

  it("is not undone by requests of mine under way", async () => {
    const { token, id } = await server.guest("Ada");
    const requests = Array.from({ length: 12 }, (_, i) => [
      view(token),
      server.call("POST /api/me/chatlings", { token, body: { name: `C${i}`, personality: "shy" } }),
      server.call("PATCH /api/me", { token, body: { name: `Name ${i}` } }),
    ]).flat();
    const erase = server.call("DELETE /api/me", { token });
    const answers = await Promise.all([...requests, erase]);
    expect((await erase).status).toBe(204);
    expect(answers.every(({ status }) => status < 500)).toBe(true);
    expect(await holdings(id)).toEqual(NOTHING);
  });
});
