import { randomUUID } from "node:crypto";
import { createConnection } from "mongoose";
import { describe, expect, it, onTestFinished } from "vitest";
import { IMPATIENT, openProxy } from "#data/contract/open-proxy.ts";
import { sampleConversation } from "#rooms/chatroom/testing/sample-conversation.ts";
import { openTestServer } from "./testing/open-test-server.ts";

const mongodb = process.env["PARLEY_TEST_MONGODB_URI"];

describe.skipIf(mongodb === undefined)(
  "MongoDB lost under the whole server (needs PARLEY_TEST_MONGODB_URI)",
  () => {
    it("requests are refused, the room plays on, and all is well again without a restart", async () => {
      const { hostname, port } = new URL(mongodb as string);
      const proxy = await openProxy({ host: hostname, port: Number(port) });
      const database = `parley_outage_${randomUUID().slice(0, 8)}`;
      onTestFinished(async () => {
        const connection = await createConnection(`mongodb://${hostname}:${port}/${database}`).asPromise();
        await connection.db?.dropDatabase();
        await connection.close();
        await proxy.close();
      });
      const server = await openTestServer({
        env: {
          MONGODB_URI: `mongodb://127.0.0.1:${proxy.port}/${database}?${IMPATIENT}`,
          PLAYBACK_SPEED: "20",
        },
        conversations: [sampleConversation("a"), sampleConversation("b")],
      });
      onTestFinished(() => server.close());
      const me = await server.guest("Ada");
      const viewer = await server.join(me.token);
      const lines = (): number => viewer.state.lines.length;
      await expect.poll(lines, { timeout: 10_000 }).toBeGreaterThan(0);

      await proxy.cut();
      const before = lines();
      for (const request of ["GET /api/me/chatlings", "GET /api/me/export", "GET /api/topics"] as const) {
        const { status, body, headers } = await server.call(request, me);
        expect([request, status, body.error?.code]).toEqual([request, 503, "store-unavailable"]);
        expect(Number(headers.get("retry-after"))).toBeGreaterThan(0);
      }
      expect((await server.call("POST /api/auth/guest", { body: {} })).status).toBe(503);
      expect((await server.call("GET /ready")).status).toBe(503);
      expect((await server.call("GET /health")).body).toMatchObject({
        status: "degraded",
        checks: { store: "unreachable" },
      });
      await expect.poll(lines, { timeout: 10_000 }).not.toBe(before);
      expect(viewer.connection.isOpen).toBe(true);

      await proxy.restore();
      const read = async () => (await server.call("GET /api/me/chatlings", me)).body.items?.length;
      await expect.poll(read, { timeout: 15_000 }).toBe(5);
      expect((await server.call("PATCH /api/me", { ...me, body: { name: "Ada again" } })).status).toBe(200);
      expect(viewer.connection.isOpen).toBe(true);
    }, 60_000);
  },
);
