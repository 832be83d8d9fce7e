import { expect, onTestFinished, test } from "vitest";
import { createFakeClock, type FakeClock } from "#ai/fake-clock.ts";
import { openProxy, type Proxy } from "#data/contract/open-proxy.ts";
import { makeTemporaryDirectory } from "#data/temporary-directory.fixture.ts";
import { sampleConversation } from "#rooms/chatroom/testing/sample-conversation.ts";
import { createStillClock, openTestServer, type TestServer } from "#server/testing/open-test-server.ts";
import { enterChatroom, type EnteredChatroom } from "../testing/enter-chatroom.ts";
import type { ChatroomGap } from "./gap-watch.ts";

const conversations = ["a", "b", "c", "d"].map((id) => sampleConversation(id, { lines: 12 }));
const LONGER_THAN_A_TOKEN_LIVES_MS = 2 * 24 * 3_600_000;

async function openProxyTo(server: TestServer): Promise<Proxy & { url: string }> {
  const { hostname: host, port } = new URL(server.url);
  const proxy = await openProxy({ host, port: Number(port) });
  onTestFinished(() => proxy.close());
  return { ...proxy, url: `http://127.0.0.1:${proxy.port}` };
}

const nextGap = ({ session }: EnteredChatroom) =>
  new Promise<ChatroomGap>((resolve) => session.onGap(resolve));

test.each([
  ["says goodbye", (server: TestServer) => server.close()],
  [
    "dies without a word",
    async (server: TestServer, proxy: Proxy) => {
      await proxy.cut();
      await server.close();
    },
  ],
])(
  "a server that %s and comes back is joined anew, with a token renewed on the way where it has expired",
  async (_how, end) => {
    const clock = createStillClock();
    const env = { DATA_DIR: makeTemporaryDirectory() };
    const before = await openTestServer({ env, clock, conversations });
    const proxy = await openProxyTo(before);
    const viewer = await enterChatroom(proxy.url);
    const { session, tokens } = viewer;
    onTestFinished(() => session.leave());
    const was = { token: await tokens.read(), conversationId: session.snapshot.conversationId };
    const told = nextGap(viewer);

    await end(before, proxy);
    await viewer.until("reconnecting");
    clock.jump(LONGER_THAN_A_TOKEN_LIVES_MS);
    const after = await openTestServer({ env: { ...env, PORT: new URL(before.url).port }, clock });
    onTestFinished(() => after.close());
    await proxy.restore();
    viewer.wake();

    // To have left is to have seen it: another conversation is on.
    expect(await told).toMatchObject({ conversationId: was.conversationId, fromOrder: 1 });
    expect(session.snapshot).toMatchObject({ connection: "live", failure: null });
    expect(session.snapshot.conversationId).not.toBe(was.conversationId);
    expect(await tokens.read()).not.toBe(was.token);
  },
);

test.each([
  ["a network that changed under an open socket", (clock: FakeClock) => clock.advance(15_000)],
  [
    "a laptop that slept",
    async (clock: FakeClock, viewer: EnteredChatroom) => {
      viewer.wake();
      await clock.advance(0);
    },
  ],
])("%s is noticed without a close, and the seat taken again", async (_what, notice) => {
  const server = await openTestServer({ conversations });
  onTestFinished(() => server.close());
  const proxy = await openProxyTo(server);
  const clock = createFakeClock();
  const viewer = await enterChatroom(proxy.url, clock);
  const { session } = viewer;
  onTestFinished(() => session.leave());
  const { conversationId } = session.snapshot;
  const gaps: ChatroomGap[] = [];
  session.onGap((gap) => void gaps.push(gap));

  proxy.silence();
  await notice(clock, viewer);
  expect(session.snapshot.connection).toBe("live");
  await clock.advance(4000);
  expect(session.snapshot.connection).toBe("reconnecting");
  await proxy.restore();
  viewer.wake();
  await viewer.until("live");

  expect(session.snapshot.conversationId).toBe(conversationId);
  expect(gaps).toEqual([]);
  // Heard and answered: the connection is a live one again.
  session.favorite("nobody's", true);
  const answer = await new Promise<string>((resolve) => session.onNotice(({ code }) => resolve(code)));
  expect(answer).toBe("unknown-chatling");
});
