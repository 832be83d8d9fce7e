import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { openTestServer, type TestServer } from "../testing/open-test-server.ts";

let server: TestServer;
beforeAll(async () => {
  server = await openTestServer({ env: { RATE_LIMIT_SCALE: "1", TRUST_PROXY: "1" } });
});
afterAll(() => server.close());

const sending = (more: object = {}) => ({
  source: "page",
  version: "0.1.0",
  reports: [{ kind: "uncaught", code: "TypeError" }],
  ...more,
});
/** Each address has an allowance of its own. */
const report = (body: unknown, address: string) =>
  server.call("POST /api/client-errors", { body, headers: { "X-Forwarded-For": address } });

describe("reporting a page's own errors", () => {
  it("needs no token, and is counted on the desk and in the metrics", async () => {
    const body = sending({
      sampleRate: 0.5,
      reports: [
        { kind: "uncaught", code: "TypeError" },
        { kind: "load", timings: { responseMs: 20, firstLineMs: 700 } },
      ],
    });
    const { status, body: answer } = await report(body, "10.0.0.1");
    expect([status, answer]).toEqual([204, ""]);
    const errors = (await server.call("GET /api/admin/errors", { token: await server.operator() })).body;
    expect(errors.client).toEqual([
      {
        source: "page",
        kind: "uncaught",
        code: "TypeError",
        version: "0.1.0",
        count: 2,
        firstSeenMs: expect.any(Number),
        lastSeenMs: expect.any(Number),
      },
    ]);
    expect(errors.loads.map(({ step }: { step: string }) => step)).toEqual(["responseMs", "firstLineMs"]);
    const metrics = String((await server.call("GET /metrics")).body);
    expect(metrics).toMatch(/^parley_client_reports_total\{source="page",kind="uncaught"\} 2$/m);
    expect(metrics).toMatch(/^parley_client_load_seconds_count\{step="firstLine"\} 1$/m);
  });

  it.each([
    [
      "a message",
      sending({ reports: [{ kind: "uncaught", code: "TypeError", message: "Ann is undefined" }] }),
    ],
    ["a stack", sending({ reports: [{ kind: "rejection", code: "Error", stack: "at x" }] })],
    ["a code that is a text", sending({ reports: [{ kind: "uncaught", code: "Ann is undefined" }] })],
    ["no code", sending({ reports: [{ kind: "connection" }] })],
    ["an unknown kind", sending({ reports: [{ kind: "click", code: "x" }] })],
    ["an unknown step", sending({ reports: [{ kind: "load", timings: { secretMs: 1 } }] })],
    ["an endless load", sending({ reports: [{ kind: "load", timings: { readyMs: 1e9 } }] })],
    ["nothing", sending({ reports: [] })],
    ["too much", sending({ reports: Array.from({ length: 21 }, () => ({ kind: "uncaught", code: "E" })) })],
    ["a weight beyond a hundred", sending({ sampleRate: 0.001 })],
    ["a version that is a text", sending({ version: "mine, really" })],
  ])("takes no report with %s", async (what, body) => {
    const { status, body: answer } = await report(body, `10.1.0.${what.length}`);
    expect([status, answer.error.code]).toEqual([400, "invalid-body"]);
  });

  it("takes no more than a few sendings a minute from one address, and no large ones", async () => {
    const large = await report({ ...sending(), padding: "x".repeat(5000) }, "10.2.0.1");
    expect([large.status, large.body.error.code]).toEqual([413, "body-too-large"]);
    const statuses: number[] = [];
    for (let i = 0; i < 12; i++) statuses.push((await report(sending(), "10.2.0.2")).status);
    expect(statuses).toEqual([...Array.from({ length: 10 }, () => 204), 429, 429]);
  });
});
