import { expect, onTestFinished, test } from "vitest";
import { makeTemporaryDirectory } from "#data/temporary-directory.fixture.ts";
import { sampleConversation } from "#rooms/chatroom/testing/sample-conversation.ts";
import { openTestServer } from "./testing/open-test-server.ts";

test("the pool's figures go on where they were when the server starts again", async () => {
  const env = { DATA_DIR: makeTemporaryDirectory() };
  const readFigures = async (server: Awaited<ReturnType<typeof openTestServer>>) => {
    const { body } = await server.call("GET /api/admin/pool", { token: await server.operator() });
    const { view_count_per_conversation, unique_users_24h, average_match_score } = body;
    return { view_count_per_conversation, unique_users_24h, average_match_score };
  };

  const conversations = ["a", "b"].map((id) => sampleConversation(id));
  const before = await openTestServer({ env, conversations });
  const guests = [await before.guest(), await before.guest()];
  for (const { token } of guests) await before.call("GET /api/chatroom/conversation", { token });
  const figures = await readFigures(before);
  expect(figures).toMatchObject({ view_count_per_conversation: 1, unique_users_24h: 2 });
  expect(figures.average_match_score).toBeGreaterThan(0);
  await before.close();

  const after = await openTestServer({ env });
  onTestFinished(() => after.close());
  expect(await readFigures(after)).toEqual({
    ...figures,
    average_match_score: expect.closeTo(figures.average_match_score, 9),
  });
});
