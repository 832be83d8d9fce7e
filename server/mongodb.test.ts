import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createClient, type ParleyClient } from "#client-sdk/create-client.ts";
import { openTestServer, type TestServer } from "./testing/open-test-server.ts";

const uri = process.env["PARLEY_TEST_MONGODB_URI"];
if (!uri)
  console.info(
    "skipped: the server on MongoDB (PARLEY_TEST_MONGODB_URI names no server; .ci/mongo starts one)",
  );

describe.runIf(uri)("the whole server on MongoDB", () => {
  let server: TestServer;
  let client: ParleyClient;

  beforeAll(async () => {
    const database = `e2e${process.pid}`;
    server = await openTestServer({
      env: {
        MONGODB_URI: (uri ?? "").replace(/\/[^/]*$/, `/${database}`),
        DATA_KEY: "5c".repeat(32),
        PLAYBACK_SPEED: "50",
      },
      fillPool: true,
    });
    client = createClient({ url: server.url });
    await client.auth.guest({ name: "Ann" });
  }, 60_000);
  afterAll(() => server?.close());

  it("fills its pool", async () => {
    await expect.poll(async () => (await fetch(`${server.url}/ready`)).status, { timeout: 30_000 }).toBe(200);
  });

  it("gives a guest five chatlings and an unseen conversation each time", async () => {
    expect(await client.chatlings.list()).toHaveLength(5);
    const given = [
      await client.conversations.next(),
      await client.conversations.next(),
      await client.conversations.next(),
    ];
    expect(new Set(given.map((conversation) => conversation?.conversation_id)).size).toBe(3);
  });

  it("plays a live conversation with my chatlings in it to its end", async () => {
    const session = await client.chatrooms.join();
    const mine = new Set((await client.chatlings.list()).map(({ name }) => name));
    await expect.poll(() => session.snapshot.lines.length, { timeout: 20_000 }).toBeGreaterThan(3);
    for (const { speaker } of session.snapshot.lines) expect(mine).toContain(speaker?.name);
    session.leave();
  });

  it("forgets a person who asks for it", async () => {
    await client.me.erase();
    await expect(client.me.get()).rejects.toMatchObject({ status: 401 });
  });
});
