import { expect, it } from "vitest";
import { groqWire } from "./contract/groq-wire.ts";
import { openVendor } from "./contract/open-vendor.ts";
import { describeProvider } from "./contract/provider-rules.ts";
import { createGroqModel } from "./groq.ts";

const create = (baseUrl: string, readKey: () => string) =>
  createGroqModel({ model: "openai/gpt-oss-120b", readKey, baseUrl });

describeProvider({ ...groqWire, provider: "groq", create });

it("groq: asks where Groq listens, for nothing it does not take", async () => {
  const vendor = await openVendor();
  const answer = { texts: ["Hm."], stop: "complete", usage: undefined } as const;
  vendor.play({ type: "reply", response: groqWire.reply(answer) });
  const signal = new AbortController().signal;
  const request = {
    system: [],
    messages: [],
    maxOutputTokens: 5,
    cacheKey: "k",
    effort: "low",
    signal,
  } as const;
  await create(vendor.baseUrl, () => "key").generate(request);
  const [received] = vendor.received;
  expect(received?.path).toBe("/openai/v1/chat/completions");
  expect(received?.body).toEqual({
    model: "openai/gpt-oss-120b",
    messages: [],
    max_completion_tokens: 5,
    reasoning_effort: "low",
  });
});
