import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { Health } from "#schema/api.ts";
import { sampleConversation } from "#rooms/chatroom/testing/sample-conversation.ts";
import {
  createStillClock,
  ADMIN_PASSWORD,
  openTestServer,
  type TestServer,
} from "../testing/open-test-server.ts";

const clock = createStillClock();
const sample = (from: number, to: number) =>
  Array.from({ length: to - from }, (_, i) => sampleConversation(`c${from + i}`));

let server: TestServer;
beforeAll(async () => {
  server = await openTestServer({ clock, conversations: sample(0, 49) });
});
afterAll(() => server.close());

const readMetrics = async (): Promise<string> => String((await server.call("GET /metrics")).body);

describe("health and readiness", () => {
  it("wait for fifty conversations", async () => {
    clock.jump(5000);
    const starting = await server.call("GET /ready");
    expect([starting.status, starting.body.error.code]).toEqual([503, "starting"]);
    expect(starting.headers.get("retry-after")).toBe("1");
    const before = await server.call("GET /health");
    expect(before.status).toBe(200);
    expect(Health.parse(before.body)).toMatchObject({
      status: "degraded",
      uptimeSeconds: 5,
      checks: { pool: "filling" },
    });

    const more = sample(49, 60);
    await server.app.repositories.conversations.insertMany(more);
    server.app.pool.sync.notify(more);
    expect((await server.call("GET /ready")).status).toBe(200);
    const after = await server.call("GET /health");
    expect(after.body).toMatchObject({
      status: "ok",
      checks: { store: "ok", pool: "ok", models: "offline", voice: "off" },
    });
    expect(after.headers.get("cache-control")).toBe("no-store");
  });
});

describe("the metrics", () => {
  it("tell what was given and how well it fitted", async () => {
    const guest = await server.guest();
    await server.call("GET /api/chatroom/conversation", guest);
    const metrics = await readMetrics();
    expect(metrics).toMatch(/^parley_casting_score_count 2$/m);
    expect(metrics).toMatch(
      /^parley_http_request_duration_seconds_count\{.*route="\/api\/chatroom\/conversation".*\} 1$/m,
    );
  });

  it("count joins and their refusals, of which an unknown room is no failure of the server's", async () => {
    const join = (path: string) =>
      fetch(`${server.url}/matchmake/${path}`, { method: "POST", body: "{}" }).then((answer) =>
        answer.text(),
      );
    await Promise.all([join("joinOrCreate/nothing"), join("joinOrCreate/chatroom"), join("nothing")]);
    const counts = (await readMetrics())
      .split("\n")
      .filter(
        (row) => row.startsWith("parley_http_request_duration_seconds_count{") && row.includes("matchmake"),
      );
    expect(counts.toSorted()).toEqual([
      'parley_http_request_duration_seconds_count{method="POST",route="/matchmake",status="401"} 1',
      'parley_http_request_duration_seconds_count{method="POST",route="/matchmake",status="404"} 2',
    ]);
  });

  it("stand at 0 before anything happens, so that the first event is an increase", async () => {
    const metrics = await readMetrics();
    expect(metrics).toMatch(/^parley_server_errors_total\{kind="room"\} 0$/m);
    expect(metrics).toMatch(/^parley_pool_generated_conversations_total\{outcome="failed"\} 0$/m);
    expect(metrics).toMatch(/^parley_client_reports_total\{source="page",kind="uncaught"\} 0$/m);
  });

  it("have no labels that a stranger can make up", async () => {
    const me = await server.guest();
    for (const path of [
      "/nothing/a",
      "/nothing/b",
      "/monitor/c",
      "/%E0%A4%A",
      "/api/me/chatlings/x",
    ] as const) {
      await server.call(`GET ${path}`);
      await server.call(`PATCH ${path}`, { ...me, body: { name: "x" } });
    }
    const labels = [...(await readMetrics()).matchAll(/route="([^"]*)"/g)].map(([, route]) => route);
    const isKnown = (route: string | undefined) =>
      route === "other" || /^\/(api\/[a-z:/-]+|health|ready|metrics|matchmake)$/i.test(route ?? "");
    expect(labels.filter((route) => !isKnown(route))).toEqual([]);
    expect(labels).toContain("/api/me/chatlings/:id");
    expect(labels).not.toContain("/api/me/chatlings/x");
  });
});

describe("the monitor", () => {
  const basic = (text: string) => ({ Authorization: `Basic ${Buffer.from(text).toString("base64")}` });
  const open = (headers: Record<string, string>, path = "/") =>
    server.call(`GET /monitor${path}` as "GET /", { headers });

  it("is closed without the password", async () => {
    for (const headers of [
      {},
      basic("admin:wrong"),
      basic(`root:${ADMIN_PASSWORD}`),
      basic("admin"),
      { Authorization: "Basic" },
    ]) {
      const { status, body, headers: answered } = await open(headers);
      expect([status, body.error.code]).toEqual([401, "password-needed"]);
      expect(answered.get("www-authenticate")).toMatch(/^Basic /);
    }
    expect((await open({}, "/api")).status).toBe(401);
    expect((await server.call("GET /monitor")).status).toBe(401);
    const { token } = await server.guest();
    expect((await open({ Authorization: `Bearer ${token}` }, "/api")).status).toBe(401);
  });

  it("opens with it, under a policy of its own", async () => {
    const page = await open(basic(`admin:${ADMIN_PASSWORD}`));
    expect(page.status).toBe(200);
    expect(page.headers.get("content-type")).toContain("text/html");
    const policy = page.headers.get("content-security-policy") ?? "";
    expect(policy).toContain("default-src 'none'");
    expect(policy).toContain("frame-ancestors 'none'");
    expect(policy).not.toContain("script-src 'self' 'unsafe");
    const api = await open(basic(`admin:${ADMIN_PASSWORD}`), "/api");
    expect([api.status, api.body.rooms]).toEqual([200, []]);
  });

  it("cannot be opened from another site, even with the password", async () => {
    for (const site of ["cross-site", "same-site"]) {
      const refused = await open({ ...basic(`admin:${ADMIN_PASSWORD}`), "Sec-Fetch-Site": site }, "/api");
      expect([refused.status, refused.body.error.code]).toEqual([403, "cross-site"]);
    }
    const own = await open({ ...basic(`admin:${ADMIN_PASSWORD}`), "Sec-Fetch-Site": "same-origin" });
    expect(own.status).toBe(200);
  });
});

describe("every answer", () => {
  it("carries the security headers, errors and matchmaking included", async () => {
    for (const line of [
      "GET /",
      "GET /api/me",
      "GET /nothing",
      "POST /matchmake/joinOrCreate/chatroom",
    ] as const) {
      const { headers } = await server.call(line);
      expect(headers.get("x-content-type-options")).toBe("nosniff");
      expect(headers.get("content-security-policy")).toContain("default-src 'none'");
      expect(headers.get("x-powered-by")).toBeNull();
    }
  });
});
