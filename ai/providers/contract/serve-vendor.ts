import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { setTimeout as pause } from "node:timers/promises";
import type { ModelUsage } from "../../model.ts";
import { perform, readBody, type Script } from "./perform-script.ts";
import type { VendorWire, WireAnswer, WireRequest } from "./vendor-wire.ts";

/** How a vendor behaves towards one request: its answer, and what becomes of it on the way. */
export type Behaviour =
  | { readonly type: "answer"; readonly answer: WireAnswer }
  | { readonly type: "script"; readonly script: Script };

export interface ServedVendor {
  readonly baseUrl: string;
  /** What it would charge for: every call whose usage it has told. */
  readonly bill: () => VendorBill;
  stop(): Promise<void>;
}

export interface VendorBill {
  readonly requests: number;
  /** Calls that were answered, with usage. */
  readonly calls: number;
  readonly promptTokens: number;
  readonly outputTokens: number;
  readonly usages: readonly ModelUsage[];
}

export interface ServeVendorOptions {
  readonly wire: Pick<VendorWire, "readRequest" | "reply" | "stream">;
  /** `index` counts the requests from 0. */
  readonly behave: (request: WireRequest, index: number) => Behaviour;
  /** How long it thinks. */
  readonly delayMs?: number;
  /** Keeps each call's usage as well as the sums. */
  readonly keepsUsages?: boolean;
}

/** A vendor on loopback that speaks its wire format for as long as it is wanted, and keeps count of what it sells. */
export async function serveVendor({
  wire,
  behave,
  delayMs = 0,
  keepsUsages = false,
}: ServeVendorOptions): Promise<ServedVendor> {
  let requests = 0;
  const sum = { calls: 0, promptTokens: 0, outputTokens: 0 };
  const usages: ModelUsage[] = [];
  const charge = (usage: ModelUsage | undefined): void => {
    if (!usage) return;
    const { "5m": short, "1h": long } = usage.cacheWriteTokens;
    sum.calls++;
    sum.promptTokens += usage.uncachedInputTokens + usage.cachedInputTokens + short + long;
    sum.outputTokens += usage.outputTokens;
    if (keepsUsages) usages.push(usage);
  };
  const server = createServer((incoming, response) => {
    void (async () => {
      const request = wire.readRequest(incoming.url ?? "", await readBody(incoming));
      const behaviour = behave(request, requests++);
      if (delayMs > 0) await pause(delayMs);
      if (behaviour.type === "answer") charge(behaviour.answer.usage);
      await perform(
        behaviour.type === "script" ? behaviour.script : toScript(wire, request, behaviour.answer),
        response,
      );
    })();
  });
  server.keepAliveTimeout = 60_000;
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return {
    baseUrl: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    bill: () => ({ requests, ...sum, usages }),
    async stop() {
      if (!server.listening) return;
      const closed = once(server, "close");
      server.close();
      server.closeAllConnections();
      await closed;
    },
  };
}

function toScript(
  wire: Pick<VendorWire, "reply" | "stream">,
  { streams }: WireRequest,
  answer: WireAnswer,
): Script {
  return streams
    ? { type: "stream", frames: wire.stream(answer), ending: "end" }
    : { type: "reply", response: wire.reply(answer) };
}
