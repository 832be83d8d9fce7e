import { once } from "node:events";
import { createServer, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { buffer } from "node:stream/consumers";
import { onTestFinished } from "vitest";
import type { BatchCall, BatchWire, HeldBatch, Office } from "./batch-wire.ts";
import type { WireResponse } from "./vendor-wire.ts";

export const VENDOR_NOW_MS = Date.UTC(2026, 10, 22, 12);

/** What happens to a request instead of, or to, its answer. */
export type Mishap =
  | { readonly type: "reply"; readonly response: WireResponse }
  | { readonly type: "silence" }
  | { readonly type: "reset" }
  /** Half of the answer comes, then nothing more. */
  | { readonly type: "cut"; readonly ending: "reset" | "stall" };

export interface BatchVendor {
  readonly baseUrl: string;
  readonly received: readonly BatchCall[];
  readonly office: Office;
  /** The request after `skip` others meets with this. */
  meet(skip: number, mishap: Mishap): void;
  /** Resolves when the request is there that meets with a mishap. */
  met(): Promise<void>;
  /** Resolves when the last answer has ended, or was given up by whoever asked. */
  released(): Promise<void>;
}

const NOBODY_THERE: WireResponse = { status: 404, body: "{}" };

/** A vendor of batches on loopback; gone when the test is done. */
export async function openBatchVendor(wire: Pick<BatchWire, "answer">): Promise<BatchVendor> {
  const received: BatchCall[] = [];
  const office = createOffice();
  const met = Promise.withResolvers<void>();
  let next: { at: number; mishap: Mishap } | undefined;
  let released: Promise<unknown> = Promise.resolve();

  const server = createServer((request, response) => {
    released = once(response, "close");
    void (async () => {
      const url = new URL(request.url ?? "", "http://vendor");
      const { method = "", headers } = request;
      const call = {
        method,
        path: url.pathname,
        query: url.searchParams,
        headers,
        body: await buffer(request),
      };
      const mishap = next?.at === received.length ? next.mishap : undefined;
      received.push(call);
      if (mishap) met.resolve();
      if (mishap?.type === "reset") request.socket.resetAndDestroy();
      if (mishap?.type === "reset" || mishap?.type === "silence") return;
      const answer = mishap?.type === "reply" ? mishap.response : await wire.answer(call, office);
      await send(response, answer ?? NOBODY_THERE, mishap?.type === "cut" ? mishap.ending : undefined);
    })();
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  onTestFinished(async () => {
    const closed = once(server, "close");
    server.close();
    server.closeAllConnections();
    await closed;
  });
  return {
    baseUrl: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    received,
    office,
    meet: (skip, mishap) => void (next = { at: received.length + skip, mishap }),
    met: async () => await met.promise,
    released: async () => void (await released),
  };
}

async function send(
  response: ServerResponse,
  { status, headers, body }: WireResponse,
  ending?: "reset" | "stall",
): Promise<void> {
  const length = Buffer.byteLength(body);
  response.writeHead(status, { "content-type": "application/json", "content-length": length, ...headers });
  if (!ending) return void response.end(body);
  await new Promise((resolve) => response.write(body.slice(0, body.length / 2), resolve));
  if (ending === "reset") response.socket?.resetAndDestroy();
}

function createOffice(): Office {
  const batches: HeldBatch[] = [];
  return {
    files: new Map(),
    batches,
    accept({ name, items }) {
      const batch: HeldBatch = {
        id: `batch_${batches.length + 1}`,
        name,
        createdAtMs: VENDOR_NOW_MS,
        items,
        state: "running",
        outcomes: new Map(),
      };
      batches.unshift(batch);
      return batch;
    },
  };
}
