import { expect, it } from "vitest";
import { describeBatches } from "./contract/batch-rules.ts";
import { geminiBatchWire } from "./contract/gemini-batch-wire.ts";
import { openBatchVendor } from "./contract/open-batch-vendor.ts";
import { createGeminiBatchModel } from "./gemini-batch.ts";

const create = (baseUrl: string, readKey: () => string) =>
  createGeminiBatchModel({ model: "gemini-3.8-flash", readKey, baseUrl });

describeBatches({ ...geminiBatchWire, provider: "gemini", create });

it("gemini: asks for no more than a single request would, and for nothing without messages", async () => {
  const vendor = await openBatchVendor(geminiBatchWire);
  const model = create(vendor.baseUrl, () => "key");
  const { signal } = new AbortController();
  const request = { system: [{ text: "Short." }], messages: [], maxOutputTokens: 5 };
  await expect(model.submit("t", [{ id: "a", request }], signal)).rejects.toMatchObject({
    fault: "bad-request",
  });
  const messages = [{ role: "user", text: "Hm?" }] as const;
  await model.submit("tales", [{ id: "a", request: { ...request, messages } }], signal);
  expect(vendor.received).toHaveLength(1);
  expect(vendor.office.batches[0]?.items[0]?.body).toEqual({
    model: "models/gemini-3.8-flash",
    contents: [{ role: "user", parts: [{ text: "Hm?" }] }],
    systemInstruction: { parts: [{ text: "Short." }] },
    generationConfig: { maxOutputTokens: 5 },
    store: false,
  });
});
