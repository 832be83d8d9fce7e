import { ColyseusSDK } from "@colyseus/sdk";
import { beforeEach, expect, it } from "vitest";
import { sampleConversation } from "#rooms/chatroom/testing/sample-conversation.ts";
import type { SeatMessage } from "#schema/chatroom-messages.ts";
import { openTestServer, type TestServer } from "./testing/open-test-server.ts";

/** Core keeps a seat for 15 s; as long would be the end of a process that is to stop. */
const WELL_BELOW_MS = 5000;

let server: TestServer;
beforeEach(async () => {
  server = await openTestServer({ conversations: [sampleConversation("a")] });
});

async function reserve(): Promise<SeatMessage> {
  const { token } = await server.guest();
  return (await server.call("POST /matchmake/joinOrCreate/chatroom", { token, body: {} })).body;
}

it("a stop is not held up by seats that nobody takes; who takes theirs meanwhile is told like the others", async () => {
  const viewer = await server.join((await server.guest()).token);
  const left = new Promise<number>((resolve) => viewer.onLeave(resolve));
  const [abandoned, taken] = [await reserve(), await reserve()];
  expect([abandoned.roomId, taken.roomId]).toEqual([viewer.roomId, viewer.roomId]);

  const startedAtMs = performance.now();
  const closed = server.close();
  const sdk = new ColyseusSDK(server.url.replace("http", "ws"));
  const late = await sdk.consumeSeatReservation(taken);
  late.onMessage("*", () => {});
  late.reconnection.enabled = false;
  const lateLeft = new Promise<number>((resolve) => late.onLeave(resolve));
  expect(await left).toBe(4001);
  expect(await lateLeft).toBe(4001);
  await closed;
  expect(performance.now() - startedAtMs).toBeLessThan(WELL_BELOW_MS);
});

it("a stop is not held up by a room whose only seat nobody takes", async () => {
  await reserve();
  const startedAtMs = performance.now();
  await server.close();
  expect(performance.now() - startedAtMs).toBeLessThan(WELL_BELOW_MS);
});
