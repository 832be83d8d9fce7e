import { once } from "node:events";
import { WebSocket } from "ws";
import { serveCalls } from "../process/serve-calls.ts";
import { inParallel } from "./in-parallel.ts";

/** A process full of plain sockets that read and count. */

let frames = 0;

async function connect({ url, count }: { url: string; count: number }): Promise<void> {
  await inParallel(Array.from({ length: count }), 50, async () => {
    const socket = new WebSocket(url, { perMessageDeflate: false });
    await once(socket, "open");
    socket.on("message", () => frames++);
    socket.on("ping", () => frames++);
  });
}

function takeFrameCount(): number {
  const taken = frames;
  frames = 0;
  return taken;
}

serveCalls({ connect, takeFrameCount });
