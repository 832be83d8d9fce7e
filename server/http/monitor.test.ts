import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { sampleConversation } from "#rooms/chatroom/testing/sample-conversation.ts";
import { ADMIN_PASSWORD, openTestServer, type TestServer } from "../testing/open-test-server.ts";

let server: TestServer;
beforeAll(async () => {
  server = await openTestServer({ conversations: [sampleConversation("c1")] });
});
afterAll(() => server.close());

const headers = { Authorization: `Basic ${Buffer.from(`admin:${ADMIN_PASSWORD}`).toString("base64")}` };
const open = (path: string) => server.call(`GET /monitor${path}`, { headers });

describe("the monitor's page", () => {
  it("names nothing that lies elsewhere, and what it names is there", async () => {
    const page = String((await open("/")).body);
    const addresses = [...page.matchAll(/(?:src|href)="([^"]*)"/g)].map(([, address]) => address ?? "");
    expect(addresses.length).toBeGreaterThan(0);
    for (const address of addresses) {
      expect(address).toMatch(/^\.\//);
      expect((await open(address.slice(1))).status).toBe(200);
    }
  });

  it("is reached from the address without a slash", async () => {
    const { status, headers: answered } = await open("");
    expect([status, answered.get("location")]).toEqual([302, "/monitor/"]);
  });

  it("has a column for what each kind of room tells of itself", async () => {
    await server.join((await server.guest()).token);
    const { body } = await open("/api");
    expect(body.columns).toEqual(
      expect.arrayContaining(["name", "clients", { metadata: "topic" }, { metadata: "difficulty" }]),
    );
    for (const { metadata } of body.columns.filter((column: unknown) => typeof column === "object")) {
      expect(body.rooms[0].metadata).toHaveProperty(metadata);
    }
  });
});
