import { once } from "node:events";
import { createServer, type IncomingHttpHeaders, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { onTestFinished } from "vitest";
import type { WireResponse } from "./vendor-wire.ts";

/** What the vendor does with the next request. */
export type Script =
  | { readonly type: "reply"; readonly response: WireResponse }
  /** Sends the frames, then ends as told; `stall` keeps the connection open and silent. */
  | {
      readonly type: "stream";
      readonly frames: readonly string[];
      readonly ending: "end" | "reset" | "stall";
    }
  /** Sends headers that promise more than the body, then resets. */
  | { readonly type: "torn"; readonly body: string }
  | { readonly type: "silence" };

export interface Received {
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: unknown;
}

export interface Vendor {
  readonly baseUrl: string;
  readonly received: readonly Received[];
  /** The same for every request until told otherwise. */
  play(script: Script): void;
  /** Resolves when a request is there, so that a test need not guess. */
  nextRequest(): Promise<void>;
  /** Resolves when the last request's connection was closed from the other side, or its response has ended. */
  released(): Promise<void>;
  /** Refuses connections from now on. */
  stop(): Promise<void>;
}

/** A vendor on loopback that does as the test says; gone when the test is done. */
export async function openVendor(): Promise<Vendor> {
  const received: Received[] = [];
  const waiting: (() => void)[] = [];
  let script: Script = { type: "silence" };
  let released: Promise<unknown> = Promise.resolve();
  const server = createServer((request, response) => {
    let body = "";
    request.setEncoding("utf8").on("data", (text: string) => (body += text));
    request.on("end", () => {
      released = once(response, "close");
      received.push({ path: request.url ?? "", headers: request.headers, body: parse(body) });
      void perform(script, response);
      for (const resolve of waiting.splice(0)) resolve();
    });
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const stop = async () => {
    if (!server.listening) return;
    const closed = once(server, "close");
    server.close();
    server.closeAllConnections();
    await closed;
  };
  onTestFinished(stop);
  return {
    baseUrl: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    received,
    play: (next) => void (script = next),
    nextRequest: async () => {
      await new Promise<void>((resolve) => {
        waiting.push(resolve);
      });
    },
    released: async () => void (await released),
    stop,
  };
}

function parse(body: string): unknown {
  return body === "" ? undefined : JSON.parse(body);
}

async function perform(script: Script, response: ServerResponse): Promise<void> {
  if (script.type === "silence") return;
  if (script.type === "reply") {
    const { status, headers, body } = script.response;
    response.writeHead(status, { "content-type": "application/json", ...headers }).end(body);
    return;
  }
  if (script.type === "torn") {
    const length = Buffer.byteLength(script.body) + 100;
    response.writeHead(200, { "content-type": "application/json", "content-length": length });
    await new Promise((resolve) => response.write(script.body, resolve));
    response.socket?.resetAndDestroy();
    return;
  }
  response.writeHead(200, { "content-type": "text/event-stream" });
  // Each frame on its own, so that the adapter sees them come.
  for (const frame of script.frames) await new Promise((resolve) => response.write(frame, resolve));
  if (script.ending === "end") response.end();
  if (script.ending === "reset") response.socket?.resetAndDestroy();
}
