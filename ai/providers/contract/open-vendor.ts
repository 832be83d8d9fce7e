import { once } from "node:events";
import { createServer, type IncomingHttpHeaders } from "node:http";
import type { AddressInfo } from "node:net";
import { onTestFinished } from "vitest";
import { perform, readBody, type Script } from "./perform-script.ts";

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
    void (async () => {
      const body = await readBody(request);
      released = once(response, "close");
      received.push({ path: request.url ?? "", headers: request.headers, body });
      void perform(script, response);
      for (const resolve of waiting.splice(0)) resolve();
    })();
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
