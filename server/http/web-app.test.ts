import { afterAll, beforeAll, expect, it } from "vitest";
import { openTestServer, type TestServer } from "../testing/open-test-server.ts";

let server: TestServer;

beforeAll(async () => {
  server = await openTestServer();
});
afterAll(() => server.close());

it("serves the app and the operator's desk as pages of their own; the desk is not kept anywhere", async () => {
  for (const [path, caching, script] of [
    ["/", "no-cache", "/app-"],
    ["/admin", "no-store", "/admin-"],
    ["/admin/", "no-store", "/admin-"],
  ] as const) {
    const answer = await fetch(server.url + path);
    expect([answer.status, answer.headers.get("cache-control")]).toEqual([200, caching]);
    expect(answer.headers.get("content-security-policy")).toContain("default-src 'none'");
    expect(await answer.text()).toContain(`src="${script}`);
  }
});

it("files named by their content are kept for ever", async () => {
  const page = await (await fetch(`${server.url}/admin`)).text();
  const [, script = ""] = /src="([^"]+)"/.exec(page) ?? [];
  const answer = await fetch(server.url + script);
  expect([answer.status, answer.headers.get("cache-control")]).toEqual([
    200,
    "public, max-age=31536000, immutable",
  ]);
});
