import { createServer, type AddressInfo } from "node:net";
import { once } from "node:events";
import { connect } from "node:net";
import { expect, onTestFinished, test } from "vitest";
import { openSlowLink } from "./slow-link.ts";

/** A server that gives every byte back, twice. */
async function openEcho(): Promise<string> {
  const server = createServer((socket) => {
    socket.on("error", () => undefined);
    socket.on("data", (bytes) => {
      socket.write(bytes);
      socket.write(bytes);
    });
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  onTestFinished(() => void server.close());
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

test("bytes come through whole and in order, not before distance and width allow", async () => {
  const link = await openSlowLink(await openEcho(), { bitsPerSecond: 800_000, roundTripMs: 40 });
  onTestFinished(() => link.close());
  const startedAt = performance.now();
  const socket = connect(Number(new URL(link.url).port), "127.0.0.1");
  onTestFinished(() => void socket.destroy());
  const sent = Buffer.from(Array.from({ length: 5000 }, (_, index) => index % 251));
  socket.write(sent);
  const got: Buffer[] = [];
  let length = 0;
  while (length < 2 * sent.length) {
    const [bytes] = (await once(socket, "data")) as [Buffer];
    got.push(bytes);
    length += bytes.length;
  }
  expect(Buffer.concat(got)).toEqual(Buffer.concat([sent, sent]));
  // A round trip to open and one for the bytes; 50 ms for them to leave, twice as much for what comes back.
  expect(performance.now() - startedAt).toBeGreaterThan(40 + 20 + 100 + 20);
});
