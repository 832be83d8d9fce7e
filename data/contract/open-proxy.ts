import { type AddressInfo, connect, createServer, type Server, type Socket } from "node:net";

/** For the address of a MongoDB server behind a proxy: the driver gives up soon, instead of after its usual seconds. */
export const IMPATIENT =
  "directConnection=true&serverSelectionTimeoutMS=800&heartbeatFrequencyMS=500&socketTimeoutMS=800&connectTimeoutMS=500";

/** A stretch of network on loopback that a test can break: what goes in at `port` comes out at the target. */
export interface Proxy {
  readonly port: number;
  /** Resets every connection and refuses new ones. */
  cut(): Promise<void>;
  /** Keeps connections open but passes nothing on, and accepts new ones that stay silent. */
  silence(): void;
  /** Listens on the same port again and passes on what comes in. */
  restore(): Promise<void>;
  close(): Promise<void>;
}

/** Opens a proxy on a free loopback port to a server. */
export async function openProxy(target: { host: string; port: number }): Promise<Proxy> {
  const sockets = new Set<Socket>();
  let silent = false;
  let port = 0;
  let server: Server | undefined;

  const track = (socket: Socket) => {
    sockets.add(socket);
    socket.on("close", () => sockets.delete(socket));
    // A reset is what the test is about; the other side learns of it by the close.
    socket.on("error", () => undefined);
  };
  const join = (near: Socket) => {
    track(near);
    const far = connect(target);
    track(far);
    near.on("close", () => far.destroy());
    far.on("close", () => near.destroy());
    near.on("data", (bytes) => !silent && far.write(bytes));
    far.on("data", (bytes) => !silent && near.write(bytes));
  };
  const destroyAll = () => {
    for (const socket of sockets) socket.destroy();
  };
  const listen = async () => {
    const opened = createServer(join);
    await new Promise<void>((resolve, reject) => {
      opened.on("error", reject);
      opened.listen(port, "127.0.0.1", resolve);
    });
    server = opened;
    port = (opened.address() as AddressInfo).port;
  };
  const cut = async () => {
    const closing = server;
    server = undefined;
    if (!closing) return;
    const closed = new Promise((resolve) => {
      closing.close(resolve);
    });
    destroyAll();
    await closed;
  };

  await listen();
  return {
    port,
    cut,
    silence() {
      silent = true;
    },
    async restore() {
      // Bytes were lost, so the old connections are of no use.
      if (silent) destroyAll();
      silent = false;
      if (!server) await listen();
    },
    close: cut,
  };
}
