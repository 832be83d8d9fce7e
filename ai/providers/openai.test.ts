import { expect, it } from "vitest";
import { chatWire } from "./contract/openai-wire.ts";
import { openVendor } from "./contract/open-vendor.ts";
import { describeProvider } from "./contract/provider-rules.ts";
import { createOpenAiModel } from "./openai.ts";

const create = (baseUrl: string, readKey: () => string) =>
  createOpenAiModel({ model: "gpt-6-luna", readKey, baseUrl: `${baseUrl}/v1` });

describeProvider({ ...chatWire, provider: "openai", create });

it("openai: a refusal in words is a refusal, and nothing is stored", async () => {
  const vendor = await openVendor();
  const choices = [
    { index: 0, message: { role: "assistant", content: null, refusal: "No." }, finish_reason: "stop" },
  ];
  vendor.play({
    type: "reply",
    response: { status: 200, body: JSON.stringify({ id: "1", model: "m", choices }) },
  });
  const request = {
    system: [],
    messages: [],
    maxOutputTokens: 5,
    signal: new AbortController().signal,
    cacheKey: "k",
  };
  const reply = await create(vendor.baseUrl, () => "key").generate(request);
  expect(reply).toMatchObject({ text: "", stop: "refused" });
  expect(vendor.received[0]?.path).toBe("/v1/chat/completions");
  expect(vendor.received[0]?.body).toMatchObject({ store: false, prompt_cache_key: "k" });
});
