import { once } from "node:events";
import { connect } from "node:net";
import { beforeEach, expect, it } from "vitest";
import { sampleConversation } from "#rooms/chatroom/testing/sample-conversation.ts";
import { openTestServer, type TestServer } from "./testing/open-test-server.ts";

let server: TestServer;
/** Lets the pool's job, which closing waits for first, come to its end. */
let endJob: () => void;
beforeEach(async () => {
  server = await openTestServer({ conversations: [sampleConversation("a")] });
  const { job } = server.app.pool;
  const stop = job.stop.bind(job);
  const ended = new Promise<void>((resolve) => (endJob = resolve));
  Object.assign(job, { stop: () => ended.then(stop) });
});

it("a server that is closing takes nobody new, tells its viewers, and answers what it was asked before", async () => {
  const guest = await server.guest();
  const viewer = await server.join(guest.token);
  const left = new Promise<number>((resolve) => viewer.onLeave(resolve));
  const { port, hostname } = new URL(server.url);
  const asked = connect(Number(port), hostname);
  let answer = "";
  asked.setEncoding("utf8").on("data", (text: string) => (answer += text));
  const body = JSON.stringify({ name: "Late" });
  asked.write(
    `PATCH /api/me HTTP/1.1\r\nHost: ${hostname}\r\nAuthorization: Bearer ${guest.token}\r\n` +
      `Content-Type: application/json\r\nContent-Length: ${body.length}\r\nConnection: close\r\n\r\n{`,
  );

  const closed = server.close();
  const ready = await server.call("GET /ready");
  expect([ready.status, ready.body.error.code]).toEqual([503, "draining"]);
  const late = await server.call("POST /matchmake/joinOrCreate/chatroom", { ...guest, body: {} });
  expect([late.status, late.body.error.split(":")[0], late.headers.get("retry-after")]).toEqual([
    503,
    "draining",
    "1",
  ]);
  expect(viewer.connection.isOpen).toBe(true);

  endJob();
  expect(await left).toBe(4001);
  asked.write(body.slice(1));
  await once(asked, "close");
  expect(answer).toMatch(/^HTTP\/1\.1 200 /);
  expect(answer).toContain('"name":"Late"');
  await closed;
  await expect(server.call("GET /health")).rejects.toThrow("fetch failed");
});
