import { expect, it } from "vitest";
import { createAnthropicBatchModel } from "./anthropic-batch.ts";
import { anthropicBatchWire } from "./contract/anthropic-batch-wire.ts";
import { describeBatches } from "./contract/batch-rules.ts";
import { openBatchVendor } from "./contract/open-batch-vendor.ts";

const create = (baseUrl: string, readKey: () => string) =>
  createAnthropicBatchModel({ model: "claude-haiku-5-5", readKey, baseUrl });

describeBatches({ ...anthropicBatchWire, provider: "anthropic", create });

it("anthropic: an item's id says whose it is, and stays within what is taken", async () => {
  const vendor = await openBatchVendor(anthropicBatchWire);
  const request = { system: [], messages: [], maxOutputTokens: 5 };
  const model = create(vendor.baseUrl, () => "key");
  const { signal } = new AbortController();
  for (const name of ["tales", "others"]) await model.submit(name, [{ id: "x".repeat(50), request }], signal);
  const ids = vendor.office.batches.map(({ items }) => items[0]?.id ?? "");
  for (const id of ids) expect(id).toMatch(/^[a-zA-Z0-9_-]{1,64}$/);
  expect(new Set(ids).size).toBe(2);
});
