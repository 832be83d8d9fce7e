import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { sampleConversation } from "#rooms/chatroom/testing/sample-conversation.ts";
import { ADMIN_PASSWORD, openTestServer, type TestServer } from "../testing/open-test-server.ts";
import { createRateLimits } from "./rate-limit.ts";

describe("createRateLimits", () => {
  it("counts each limit and each key on its own, and says how long to wait", async () => {
    const limits = createRateLimits(0.2);
    for (let i = 0; i < 2; i++) await limits.spend("sign-in", "a");
    await expect(limits.spend("sign-in", "a")).rejects.toMatchObject({
      status: 429,
      code: "too-many-requests",
      retryAfterMs: expect.toSatisfy((ms: number) => ms > 0 && ms <= 60_000),
    });
    await limits.spend("sign-in", "b");
    await limits.spend("read", "a");
  });

  it("can be asked without spending", async () => {
    const limits = createRateLimits(0.1);
    await limits.check("sign-in", "a");
    await limits.check("sign-in", "a");
    await limits.spend("sign-in", "a");
    await expect(limits.check("sign-in", "a")).rejects.toMatchObject({ status: 429 });
  });
});

describe("a server with small limits", () => {
  let server: TestServer;
  beforeAll(async () => {
    const env = { RATE_LIMIT_SCALE: "0.1", TRUST_PROXY: "1" };
    server = await openTestServer({ env, conversations: [sampleConversation("a")] });
  });
  afterAll(() => server.close());

  /** As a client of that address, seen through one proxy of ours. */
  const from = (address: string) => ({ headers: { "X-Forwarded-For": `6.6.6.6, ${address}` } });
  const guestFrom = (address: string) => server.call("POST /api/auth/guest", from(address));
  const expectTooMany = ({ status, body, headers }: Awaited<ReturnType<typeof guestFrom>>, code: unknown) => {
    expect([status, code ?? body.error.code]).toEqual([429, "too-many-requests"]);
    const retryAfter = Number(headers.get("retry-after"));
    expect(retryAfter).toBeGreaterThan(0);
    expect(retryAfter).toBeLessThanOrEqual(60);
  };

  it("lets an address make so many guests, and another address as many", async () => {
    for (let i = 0; i < 3; i++) expect((await guestFrom("10.0.0.1")).status).toBe(201);
    expectTooMany(await guestFrom("10.0.0.1"), undefined);
    expect((await guestFrom("10.0.0.2")).status).toBe(201);
  });

  it("lets a user write so much, wherever they come from, and still read", async () => {
    const { token } = (await guestFrom("10.0.1.1")).body;
    const rename = (i: number) =>
      server.call("PATCH /api/me", { token, body: { name: `Name ${i}` }, ...from(`10.0.1.${i}`) });
    const answers = [];
    for (let i = 0; i < 12; i++) answers.push(await rename(i));
    expect(answers.map(({ status }) => status)).toEqual(Array.from({ length: 12 }, () => 200));
    expectTooMany(await rename(12), undefined);
    expect((await server.call("GET /api/me", { token })).body.name).toBe("Name 11");
  });

  it("lets nobody guess the password for long, neither by the API nor at the monitor", async () => {
    const login = (password: string, address: string) =>
      server.call("POST /api/auth/admin", { body: { password }, ...from(address) });
    expect((await login("wrong", "10.0.2.1")).status).toBe(401);
    expectTooMany(await login(ADMIN_PASSWORD, "10.0.2.1"), undefined);

    const monitor = (password: string, address: string) =>
      server.call("GET /monitor/", {
        headers: {
          ...from(address).headers,
          Authorization: `Basic ${Buffer.from(`admin:${password}`).toString("base64")}`,
        },
      });
    expect((await monitor("wrong", "10.0.2.2")).status).toBe(401);
    expectTooMany(await monitor(ADMIN_PASSWORD, "10.0.2.2"), undefined);
    for (let i = 0; i < 5; i++) expect((await monitor(ADMIN_PASSWORD, "10.0.2.3")).status).toBe(200);
  });

  it("lets an address join so often", async () => {
    const { token } = (await guestFrom("10.0.3.1")).body;
    const join = () =>
      server.call("POST /matchmake/joinOrCreate/chatroom", { token, body: {}, ...from("10.0.3.9") });
    for (let i = 0; i < 30; i++) expect((await join()).status).toBe(200);
    const refused = await join();
    expectTooMany(refused, refused.body.error.split(":")[0]);
    expect(refused.body.code).toBe(429);
  });
});
