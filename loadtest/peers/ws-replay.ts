import { once } from "node:events";
import type { AddressInfo } from "node:net";
import { WebSocketServer } from "ws";
import type { Frame } from "../drivers/record-frames.ts";
import { serveCalls } from "../process/serve-calls.ts";

/** A plain `ws` server that sends recorded frames, by number, length and time, to every socket. */

const server = new WebSocketServer({ host: "127.0.0.1", port: 0, perMessageDeflate: false });
await once(server, "listening");

function sendToAll({ bytes, ping }: Frame): void {
  const data = Buffer.alloc(bytes, 1);
  for (const socket of server.clients) {
    if (ping) socket.ping();
    else socket.send(data, { binary: true });
  }
}

/** Plays the frames in their own time and resolves when as much time has passed as they were taken from. */
function replay({ frames, fromMs, toMs }: { frames: Frame[]; fromMs: number; toMs: number }): Promise<void> {
  const startedAt = performance.now();
  return new Promise((resolve) => {
    let next = 0;
    function advance(): void {
      const elapsedMs = performance.now() - startedAt;
      for (let frame = frames[next]; frame && frame.atMs - fromMs <= elapsedMs; frame = frames[++next])
        sendToAll(frame);
      const dueMs = (frames[next]?.atMs ?? toMs) - fromMs;
      if (next === frames.length && elapsedMs >= dueMs) resolve();
      else setTimeout(advance, Math.max(1, dueMs - elapsedMs));
    }
    advance();
  });
}

serveCalls({
  port: () => (server.address() as AddressInfo).port,
  sockets: () => server.clients.size,
  replay,
});
