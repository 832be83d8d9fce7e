import { describe, expect, it } from "vitest";
import type { BatchModel } from "../../batch-model.ts";
import type { BatchWire } from "./batch-wire.ts";
import { expectDiscreet } from "./expect-discreet.ts";
import type { BatchVendor, Mishap } from "./open-batch-vendor.ts";
import { failureOf, ITEMS, KEY, NAME, never, openBatches, reply, SECRET } from "./open-batches.ts";

/** What every call about batches says when something goes wrong at any of its requests. */
export function describeBatchFaults(wire: BatchWire): void {
  const { submitted, ended } = openBatches(wire);

  describe.each(OPERATIONS)(`${wire.provider}: %s`, (_, run) => {
    const countRequests = async (): Promise<number> => {
      const { vendor, model, batchId } = await ended([reply]);
      const before = vendor.received.length;
      await run(model, batchId, never);
      return vendor.received.length - before;
    };
    /** At each request that the call makes. */
    const meeting = async (
      mishap: Mishap,
      check: (call: Promise<unknown>, vendor: BatchVendor) => unknown,
    ) => {
      const { vendor, model, batchId } = await ended([reply]);
      for (let at = await countRequests(); at > 0; at--) {
        vendor.meet(at - 1, mishap);
        await check(run(model, batchId, never), vendor);
      }
    };

    it.each([
      [401, undefined, "auth", undefined],
      [404, undefined, "unknown-model", undefined],
      [429, undefined, "rate-limit", 7_000],
      [429, "quota", "quota", undefined],
      [500, undefined, "server", undefined],
    ] as const)("says what a status of %i means (%s)", async (status, kind, fault, retryAfterMs) => {
      const { body } = wire.error(status, kind);
      const headers = { ...(retryAfterMs && { "retry-after": "7" }) };
      await meeting({ type: "reply", response: { status, headers, body } }, async (call) => {
        const error = await failureOf(call);
        expect(error).toMatchObject({ fault, status, retryAfterMs });
        expectDiscreet(error, [KEY, SECRET, "in words"]);
      });
    });

    it("is out of reach when the connection is reset", async () => {
      await meeting({ type: "reset" }, async (call) => {
        const error = await failureOf(call);
        expect(error).toMatchObject({ fault: "unreachable", retryable: true });
        expectDiscreet(error, [KEY, SECRET]);
      });
    });

    it("ends at once when aborted while nothing comes", async () => {
      for (let at = await countRequests(); at > 0; at--) {
        const { vendor, model, batchId } = await ended([reply]);
        vendor.meet(at - 1, { type: "silence" });
        const abort = new AbortController();
        const failing = failureOf(run(model, batchId, abort.signal));
        await vendor.met();
        abort.abort();
        expect(await failing).toMatchObject({ fault: "aborted", retryable: false });
      }
    });

    it("asks nothing once aborted", async () => {
      const { vendor, model, batchId } = await ended([reply]);
      const before = vendor.received.length;
      const error = await failureOf(run(model, batchId, AbortSignal.abort()));
      expect(error).toMatchObject({ fault: "aborted" });
      expect(vendor.received).toHaveLength(before);
    });
  });

  describe.each([
    ["submit", async (model: BatchModel) => await model.submit(NAME, ITEMS, never)],
    ["look", async (model: BatchModel, batchId: string) => await model.look(batchId, never)],
  ] as const)(`${wire.provider}: %s`, (_, call) => {
    it.each(["{broken", "{}", '"text"', "null"])("calls %s, which is no batch, malformed", async (body) => {
      const { vendor, model, batchId } = await submitted();
      vendor.meet(0, { type: "reply", response: { status: 200, body } });
      expect(await failureOf(call(model, batchId))).toMatchObject({ fault: "malformed" });
    });
  });
}

type Operation = (model: BatchModel, batchId: string, signal: AbortSignal) => Promise<unknown>;

const OPERATIONS: readonly (readonly [string, Operation])[] = [
  ["submit", async (model, _, signal) => await model.submit("next", ITEMS, signal)],
  ["find", async (model, _, signal) => await model.find({ name: NAME, itemCount: 1, sinceMs: 0 }, signal)],
  ["look", async (model, batchId, signal) => await model.look(batchId, signal)],
  ["results", async (model, batchId, signal) => await Array.fromAsync(model.results(batchId, signal))],
  ["cancel", async (model, batchId, signal) => await model.cancel(batchId, signal)],
];
