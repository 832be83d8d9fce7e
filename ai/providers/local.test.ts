import { expect, it } from "vitest";
import { toRequest } from "../gateway/scripted-model.fixture.ts";
import { openVendor } from "./contract/open-vendor.ts";
import { chatWire } from "./contract/openai-wire.ts";
import { describeProvider } from "./contract/provider-rules.ts";
import { createLocalModel } from "./local.ts";

describeProvider({
  ...chatWire,
  provider: "local",
  create: (baseUrl, readKey) => createLocalModel({ model: "llama", readKey, baseUrl: `${baseUrl}/v1` }),
});

it("local: the limit of tokens is sent under both of its names", async () => {
  const vendor = await openVendor();
  vendor.play({
    type: "reply",
    response: chatWire.reply({ texts: ["Hm."], stop: "complete", usage: undefined }),
  });
  await createLocalModel({ model: "m", readKey: () => "none", baseUrl: `${vendor.baseUrl}/v1` }).generate(
    toRequest(),
  );
  expect(vendor.received[0]?.body).toMatchObject({ max_tokens: 10, max_completion_tokens: 10 });
});
