import { matchMaker } from "@colyseus/core";
import { afterAll, beforeAll, expect, it } from "vitest";
import { createFakeClock } from "#ai/fake-clock.ts";
import { sampleConversation } from "#rooms/chatroom/testing/sample-conversation.ts";
import type { CastingMessage } from "#schema/chatroom-messages.ts";
import type { ChatroomState } from "#schema/chatroom-state.ts";
import { openTestServer, type TestServer } from "./testing/open-test-server.ts";

const clock = createFakeClock();
let server: TestServer;
/** Whose collections were read. */
const reads: string[] = [];

beforeAll(async () => {
  server = await openTestServer({
    clock,
    conversations: ["a", "b", "c"].map((id) => sampleConversation(id)),
  });
  const { sheets } = server.app.repositories.chatlings;
  const read = sheets.read.bind(sheets);
  Object.assign(sheets, {
    read(ownerId: string) {
      reads.push(ownerId);
      return read(ownerId);
    },
  });
});
afterAll(() => server.close());

it("a live room casts a renamed, resting or new chatling from the next conversation on", async () => {
  const { token, id } = await server.guest("Ann");
  const ben = await server.guest("Ben");
  const room = await server.join(token);
  const other = await server.join(ben.token);
  expect(other.roomId).toBe(room.roomId);
  const castings: CastingMessage[] = [];
  room.onMessage("casting", (casting: CastingMessage) => void castings.push(casting));
  const { state } = matchMaker.getLocalRoomById(room.roomId) as unknown as { state: ChatroomState };
  const first = state.conversationId;
  await clock.advance(4000);

  reads.length = 0;
  const { body } = await server.call("GET /api/me/chatlings", { token });
  for (const [place, chatling] of (body.items as { id: string }[]).entries()) {
    const change = place === 0 ? { name: "Zed" } : { active: false };
    await server.call(`PATCH /api/me/chatlings/${chatling.id}`, { token, body: change });
  }
  const made = await server.call("POST /api/me/chatlings", {
    token,
    body: { name: "Newcomer", personality: "shy" },
  });
  expect(made.status).toBe(201);
  expect(state.conversationId).toBe(first);

  while (state.conversationId === first) await clock.advance(500);
  await expect
    .poll(() => castings.map(({ conversationId }) => conversationId))
    .toEqual([state.conversationId]);
  expect(castings[0]?.cast.map(({ name }) => name).toSorted()).toEqual(["Newcomer", "Zed"]);
  expect(new Set(reads)).toEqual(new Set([id]));

  reads.length = 0;
  const second = state.conversationId;
  while (state.conversationId === second) await clock.advance(500);
  await expect.poll(() => castings).toHaveLength(2);
  expect(reads).toEqual([]);
});
