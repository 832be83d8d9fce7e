import { connect, createServer, type AddressInfo, type Socket } from "node:net";

/** A wire between clients and a server that can be made to stop delivering to the clients. */
export interface SlowLine {
  readonly port: number;
  stop(): void;
  go(): void;
  close(): void;
}

/** Opens a TCP relay to a local port. */
export async function openSlowLine(toPort: number): Promise<SlowLine> {
  const sockets = new Set<Socket>();
  const fromServer = new Set<Socket>();
  const relay = createServer((client) => {
    const upstream = connect(toPort, "127.0.0.1");
    fromServer.add(upstream);
    for (const [from, to] of [
      [client, upstream],
      [upstream, client],
    ] as const) {
      sockets.add(from);
      from.pipe(to);
      from.on("error", () => to.destroy());
      from.on("close", () => {
        sockets.delete(from);
        fromServer.delete(from);
        to.destroy();
      });
    }
  });
  await new Promise<void>((resolve) => {
    relay.listen(0, "127.0.0.1", resolve);
  });
  return {
    port: (relay.address() as AddressInfo).port,
    stop: () => fromServer.forEach((socket) => socket.pause()),
    go: () => fromServer.forEach((socket) => socket.resume()),
    close() {
      for (const socket of sockets) socket.destroy();
      relay.close();
    },
  };
}
