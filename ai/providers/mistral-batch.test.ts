import { expect, it } from "vitest";
import { describeBatches } from "./contract/batch-rules.ts";
import { mistralBatchWire } from "./contract/mistral-batch-wire.ts";
import { openBatchVendor } from "./contract/open-batch-vendor.ts";
import { createMistralBatchModel } from "./mistral-batch.ts";

const create = (baseUrl: string, readKey: () => string) =>
  createMistralBatchModel({ model: "mistral-small-2603", readKey, baseUrl });

describeBatches({ ...mistralBatchWire, provider: "mistral", create });

it("mistral: the job names the model, its requests are written as on the wire", async () => {
  const vendor = await openBatchVendor(mistralBatchWire);
  const messages = [{ role: "user", text: "Hm?" }] as const;
  const request = { system: [], messages, maxOutputTokens: 5, temperature: 0.5 };
  const model = create(vendor.baseUrl, () => "key");
  await model.submit("tales", [{ id: "a", request }], new AbortController().signal);
  const [file] = vendor.office.files.values();
  expect(JSON.parse(file ?? "")).toMatchObject({
    custom_id: "a",
    body: { messages: [{ role: "user", content: "Hm?" }], max_tokens: 5, temperature: 0.5 },
  });
  expect(file).not.toContain('"model"');
  const order = JSON.parse(vendor.received[1]?.body.toString() ?? "") as unknown;
  expect(order).toMatchObject({ model: "mistral-small-2603", timeout_hours: 24 });
});
