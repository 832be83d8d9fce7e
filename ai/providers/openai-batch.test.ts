import { expect, it } from "vitest";
import { describeBatches } from "./contract/batch-rules.ts";
import { openBatchVendor } from "./contract/open-batch-vendor.ts";
import { openAiBatchWire } from "./contract/openai-batch-wire.ts";
import { createOpenAiBatchModel } from "./openai-batch.ts";

const create = (baseUrl: string, readKey: () => string) =>
  createOpenAiBatchModel({ model: "gpt-6-luna", readKey, baseUrl: `${baseUrl}/v1` });

describeBatches({ ...openAiBatchWire, provider: "openai", create });

it("openai: answers are not stored, and files are erased after three days", async () => {
  const vendor = await openBatchVendor(openAiBatchWire);
  const messages = [{ role: "user", text: "Hm?" }] as const;
  const request = { system: [], messages, maxOutputTokens: 5, cacheKey: "k" };
  const model = create(vendor.baseUrl, () => "key");
  await model.submit("tales", [{ id: "a", request }], new AbortController().signal);
  expect(vendor.office.batches[0]?.items[0]?.body).toMatchObject({
    model: "gpt-6-luna",
    store: false,
    prompt_cache_key: "k",
  });
  const [upload, order] = vendor.received.map(({ body }) => body.toString());
  expect(upload).toMatch(/expires_after\[seconds\]"\s+259200/);
  expect(JSON.parse(order ?? "")).toMatchObject({ output_expires_after: { seconds: 259_200 } });
});
