import { once } from "node:events";
import { connect, createServer, type AddressInfo, type Socket } from "node:net";

export interface LinkSpeed {
  /** Each way, for all connections together. */
  readonly bitsPerSecond: number;
  /** There and back. */
  readonly roundTripMs: number;
}

export interface SlowLink {
  readonly url: string;
  close(): Promise<void>;
}

/**
 * A way to `url` over TCP with less room and more delay than loopback, for whatever passes: HTTP and WebSocket alike.
 * Opening a connection takes a round trip, as in a real network; slow start and losses are not imitated.
 */
export async function openSlowLink(url: string, speed: LinkSpeed): Promise<SlowLink> {
  const { hostname, port } = new URL(url);
  const sockets = new Set<Socket>();
  const halfWayMs = speed.roundTripMs / 2;
  const up = createLane(speed.bitsPerSecond);
  const down = createLane(speed.bitsPerSecond);
  const server = createServer((near) => {
    const far = connect(Number(port), hostname);
    for (const socket of [near, far]) {
      sockets.add(socket);
      socket.setNoDelay(true);
      // The other end has gone; the close that follows tells.
      socket.on("error", () => undefined);
      socket.once("close", () => {
        sockets.delete(socket);
        near.destroy();
        far.destroy();
      });
    }
    const openAtMs = performance.now() + speed.roundTripMs;
    const arriveFar = createArrivals(far);
    const arriveNear = createArrivals(near);
    near.on("data", (bytes: Buffer) => arriveFar(bytes, Math.max(up(bytes.length), openAtMs) + halfWayMs));
    far.on("data", (bytes: Buffer) => arriveNear(bytes, down(bytes.length) + halfWayMs));
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    async close() {
      for (const socket of sockets) socket.destroy();
      server.close();
      await once(server, "close");
    },
  };
}

/** One direction: bytes queue for the wire, whoever sends them. Answers when the last of them has left. */
function createLane(bitsPerSecond: number): (bytes: number) => number {
  let freeAtMs = 0;
  return (bytes) => {
    freeAtMs = Math.max(freeAtMs, performance.now()) + (bytes * 8 * 1000) / bitsPerSecond;
    return freeAtMs;
  };
}

/** What is under way to one socket, in the order sent. */
function createArrivals(socket: Socket): (bytes: Buffer, atMs: number) => void {
  const underWay: { bytes: Buffer; atMs: number }[] = [];

  function arrive(): void {
    const [head] = underWay;
    if (!head || socket.destroyed) return;
    const leftMs = head.atMs - performance.now();
    if (leftMs > 0) return void setTimeout(arrive, Math.ceil(leftMs));
    underWay.shift();
    socket.write(head.bytes);
    arrive();
  }

  return (bytes, atMs) => {
    if (underWay.push({ bytes, atMs }) === 1) arrive();
  };
}
