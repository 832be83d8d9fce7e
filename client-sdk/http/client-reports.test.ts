import { afterAll, beforeAll, expect, it } from "vitest";
import type { ClientReports } from "#schema/client-report.ts";
import { openTestServer, type TestServer } from "#server/testing/open-test-server.ts";
import { createReports } from "./client-reports.ts";

let server: TestServer;
beforeAll(async () => {
  server = await openTestServer();
});
afterAll(() => server.close());

const sending: ClientReports = {
  source: "sdk",
  version: "0.1.0",
  sampleRate: 0.5,
  reports: [{ kind: "connection", code: "seat-lost" }],
};

it("a report arrives on the operator's desk, for as many as it stands for", async () => {
  await createReports({ url: `${server.url}/`, fetch }).send(sending);
  const { body } = await server.call("GET /api/admin/errors", { token: await server.operator() });
  expect(body.client).toMatchObject([
    { source: "sdk", kind: "connection", code: "seat-lost", version: "0.1.0", count: 2 },
  ]);
});

it("carries no token and outlives the page", async () => {
  const sent: RequestInit[] = [];
  const reports = createReports({
    url: server.url,
    fetch: async (_address, init) => {
      sent.push(init);
      return new Response(null, { status: 204 });
    },
  });
  await reports.send(sending);
  expect(sent).toMatchObject([{ keepalive: true, credentials: "omit" }]);
  expect(sent[0]?.headers).toEqual({ "content-type": "application/json" });
});

it("a server that cannot be reached is no error", async () => {
  const reports = createReports({ url: server.url, fetch: () => Promise.reject(new TypeError("offline")) });
  await expect(reports.send(sending)).resolves.toBeUndefined();
});
