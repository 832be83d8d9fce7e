import { once } from "node:events";
import { connect, type Socket } from "node:net";

/** One keep-alive connection that sends one request after the other; as little work per request as can be. */
export interface HttpConnection {
  /** The body of a 200 answer. @throws Error for any other answer */
  get(path: string, token: string): Promise<Buffer>;
  close(): void;
}

const END_OF_HEAD = "\r\n\r\n";

/** An HTTP client of a few lines: a full one costs as much as the server it is to measure. */
export async function openHttpConnection(port: number): Promise<HttpConnection> {
  const socket: Socket = connect({ port, host: "127.0.0.1", noDelay: true });
  await once(socket, "connect");
  let received: Buffer = Buffer.alloc(0);
  let waiting: { resolve: (body: Buffer) => void; reject: (error: Error) => void } | undefined;

  socket.on("data", (chunk: Buffer) => {
    received = received.length === 0 ? chunk : Buffer.concat([received, chunk]);
    const headEnd = received.indexOf(END_OF_HEAD);
    if (headEnd < 0) return;
    const head = received.toString("latin1", 0, headEnd);
    const length = /^content-length: *(\d+)/im.exec(head)?.[1];
    const bodyStart = headEnd + END_OF_HEAD.length;
    if (length !== undefined && received.length < bodyStart + Number(length)) return;
    const body = received.subarray(bodyStart);
    received = Buffer.alloc(0);
    if (length !== undefined && head.startsWith("HTTP/1.1 200 ")) waiting?.resolve(body);
    else waiting?.reject(new Error(`answered ${head.split("\r\n")[0]}: ${body.toString().slice(0, 300)}`));
  });
  socket.on("error", (error) => waiting?.reject(error));
  socket.on("close", () => waiting?.reject(new Error("the server closed the connection")));

  return {
    get(path, token) {
      return new Promise((resolve, reject) => {
        waiting = { resolve, reject };
        socket.write(
          `GET ${path} HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\nAuthorization: Bearer ${token}\r\n` +
            `Accept: application/json${END_OF_HEAD}`,
        );
      });
    },
    close: () => void socket.destroy(),
  };
}
