import { describe, expect, it } from "vitest";
import type { BatchModel, BatchResult } from "../../batch-model.ts";
import { describeBatchFaults } from "./batch-fault-rules.ts";
import type { BatchWire } from "./batch-wire.ts";
import { type BatchVendor, openBatchVendor, VENDOR_NOW_MS } from "./open-batch-vendor.ts";
import { answer, end, failureOf, ITEMS, NAME, never, openBatches, reply, usage } from "./open-batches.ts";

/** Every vendor's batches keep these rules; a failing test names the rule. */
export function describeBatches(wire: BatchWire): void {
  const { open, submitted, ended } = openBatches(wire);

  describe(`${wire.provider}: a batch that is submitted`, () => {
    it("holds every request as it would be asked alone", async () => {
      const { held } = await submitted();
      expect(held.items.map(({ body }) => wire.readRequest(body))).toMatchObject(
        ITEMS.map(({ request }) => ({
          system: "You tell tales.",
          messages: request.messages,
          maxOutputTokens: 300,
          streams: false,
        })),
      );
    });

    it("carries the key that is read at that moment, in its header alone", async () => {
      const vendor = await openBatchVendor(wire);
      let key = "first-key";
      const model = wire.create(vendor.baseUrl, () => key);
      const batchId = await model.submit(NAME, ITEMS, never);
      const count = vendor.received.length;
      key = "second-key";
      await model.look(batchId, never);
      const keys = vendor.received.map(({ headers }) => wire.readKey(headers));
      expect(keys).toEqual([...Array.from({ length: count }, () => "first-key"), "second-key"]);
      const sent = vendor.received.map(({ path, query, body }) => `${path} ${query} ${body.toString()}`);
      expect(sent.join("\n")).not.toMatch(/-key/);
    });

    it("runs until it is done", async () => {
      const { model, batchId, held } = await submitted();
      expect(await model.look(batchId, never)).toMatchObject({ state: "running" });
      end(held, [reply, reply, { type: "error", status: 400 }]);
      expect(await model.look(batchId, never)).toEqual({ state: "done", done: 3, total: 3 });
    });

    it.runIf(wire.tells.progress)("tells how many it has", async () => {
      const { model, batchId } = await submitted();
      expect(await model.look(batchId, never)).toEqual({ state: "running", done: 0, total: 3 });
    });

    it("goes on after it was cancelled until the vendor has ended it, and keeps what was answered", async () => {
      const { model, batchId, held } = await submitted();
      await model.cancel(batchId, never);
      expect(held.state).toBe("cancelling");
      expect(await model.look(batchId, never)).toMatchObject({ state: "running" });
      end(held, [reply, { type: "cancelled" }, { type: "cancelled" }], "cancelled");
      expect(await model.look(batchId, never)).toMatchObject({ state: "done" });
      const results = await Array.fromAsync(model.results(batchId, never));
      expect(byId(results)).toMatchObject({ a: { reply: {} }, "b-2": { fault: "aborted" }, c_3: {} });
    });

    it("is done when its time is over, with what was answered in time", async () => {
      const { model, batchId, results } = await ended([{ type: "expired" }, reply], "expired");
      expect(await model.look(batchId, never)).toMatchObject({ state: "done" });
      expect(byId(await results())).toMatchObject({
        "item-0": { fault: "timeout" },
        "item-1": { reply: { text: "Once upon a time." } },
      });
    });

    it.each([
      [402, 0],
      [429, 0],
      // It may have it all the same.
      [500, 1],
    ])("whose order is answered with %i leaves %i files behind, where it is one", async (status, count) => {
      const { vendor, model } = await submitted();
      const [orders, files] = [vendor.received.length, vendor.office.files.size];
      const response = { status, headers: {}, body: wire.error(status).body };
      vendor.meet(orders - 1, { type: "reply", response });
      await failureOf(model.submit(NAME, ITEMS, never));
      expect(vendor.office.files.size - files).toBe(files * count);
    });

    it.runIf(wire.failsWhole)("has failed when the vendor takes none of it", async () => {
      const { model, batchId, held } = await submitted();
      held.state = "failed";
      expect(await model.look(batchId, never)).toMatchObject({ state: "failed" });
      expect(await Array.fromAsync(model.results(batchId, never))).toEqual([]);
    });
  });

  describe(`${wire.provider}: a result`, () => {
    it("belongs to its item, in whatever order they come, with text and tokens", async () => {
      const texts = ["One.", "Two.", "Three."];
      const { results } = await ended(
        texts.map((text) => ({ type: "reply", answer: { ...answer, texts: [text] } })),
      );
      const all = await results();
      expect(all.map(({ id }) => id)).toEqual(["item-2", "item-1", "item-0"]);
      expect(byId(all)).toMatchObject(
        Object.fromEntries(
          texts.map((text, at) => [`item-${at}`, { reply: { text, stop: "complete", usage } }]),
        ),
      );
      for (const result of all) expect("reply" in result && result.reply.servedBy).not.toBe("");
    });

    it("tells a refusal and a limit as results", async () => {
      const { results } = await ended([
        { type: "reply", answer: { ...answer, stop: "refused" } },
        { type: "reply", answer: { ...answer, stop: "truncated" } },
      ]);
      expect(byId(await results())).toMatchObject({
        "item-0": { reply: { stop: "refused", usage } },
        "item-1": { reply: { stop: "truncated", usage } },
      });
    });

    it("says when no usage came", async () => {
      const { results } = await ended([{ type: "reply", answer: { ...answer, usage: undefined } }]);
      expect(await results()).toMatchObject([{ reply: { text: "Once upon a time.", usage: undefined } }]);
    });

    it.each([
      [400, "bad-request"],
      [429, "rate-limit"],
      [500, "server"],
    ] as const)("of an item that failed with %i is its own fault", async (status, fault) => {
      const { results } = await ended([reply, { type: "error", status }]);
      expect(byId(await results())).toMatchObject({ "item-0": { reply: {} }, "item-1": { fault } });
    });

    it("that cannot be read spoils no other", async () => {
      const { results } = await ended([reply, { type: "broken" }, reply]);
      expect(byId(await results())).toMatchObject({
        "item-0": { reply: {} },
        "item-1": { fault: "malformed" },
        "item-2": { reply: {} },
      });
    });

    it("is read no further than its reader wants", async () => {
      const { vendor, model, batchId } = await ended(Array.from({ length: 50 }, () => reply));
      if (wire.lines)
        vendor.meet(await requestsOf(vendor, model, batchId, -1), { type: "cut", ending: "stall" });
      for await (const result of model.results(batchId, never)) {
        expect(result.id).toBe("item-49");
        break;
      }
      await expect(vendor.released()).resolves.toBeUndefined();
    });

    it("breaks off as interrupted when the connection does", async () => {
      const { vendor, model, batchId } = await ended(Array.from({ length: 50 }, () => reply));
      vendor.meet(await requestsOf(vendor, model, batchId, -1), { type: "cut", ending: "reset" });
      const error = await failureOf(Array.fromAsync(model.results(batchId, never)));
      expect(error).toMatchObject({ fault: "interrupted", retryable: true });
    });
  });

  describe(`${wire.provider}: a batch whose submission was lost`, () => {
    const lost = { name: NAME, itemCount: ITEMS.length, sinceMs: VENDOR_NOW_MS - 1000 };

    it.runIf(wire.tells.name)("is found while it runs", async () => {
      const { model, batchId } = await submitted();
      expect(await model.find(lost, never)).toEqual({ state: "found", batchId });
    });

    it.skipIf(wire.tells.name)("may be any of its size while it runs", async () => {
      const { model } = await submitted();
      expect(await model.find(lost, never)).toEqual({ state: "unclear" });
      expect(await model.find({ ...lost, itemCount: 2 }, never)).toEqual({ state: "none" });
    });

    it("is found when it has ended", async () => {
      const { model, batchId, held, vendor } = await submitted();
      vendor.office.accept({ name: "another", items: held.items.slice(0, 1) });
      end(held, [reply, reply, reply]);
      expect(await model.find(lost, never)).toEqual({ state: "found", batchId });
    });

    it("is not taken for another", async () => {
      const { model, held } = await submitted();
      end(held, [reply, reply, reply]);
      expect(await model.find({ ...lost, name: "other" }, never)).toEqual({ state: "none" });
      expect(await (await open()).model.find(lost, never)).toEqual({ state: "none" });
    });

    it.runIf(wire.pages)("is found behind a hundred others", async () => {
      const { model, batchId, held, vendor } = await submitted();
      end(held, [reply, reply, reply]);
      for (let n = 0; n < 120; n++) vendor.office.accept({ name: `other-${n}`, items: [] });
      expect(await model.find(lost, never)).toEqual({ state: "found", batchId });
    });
  });

  describeBatchFaults(wire);
}

const byId = (results: readonly BatchResult[]) =>
  Object.fromEntries(results.map(({ id, ...result }) => [id, result]));

/** How many requests reading the results takes, and so many more. */
async function requestsOf(vendor: BatchVendor, model: BatchModel, batchId: string, more: number) {
  const before = vendor.received.length;
  await Array.fromAsync(model.results(batchId, never));
  return vendor.received.length - before + more;
}
