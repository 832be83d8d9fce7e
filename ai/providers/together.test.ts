import { chatWire } from "./contract/openai-wire.ts";
import { describeProvider } from "./contract/provider-rules.ts";
import { createTogetherModel } from "./together.ts";

describeProvider({
  ...chatWire,
  provider: "together",
  create: (baseUrl, readKey) =>
    createTogetherModel({ model: "openai/gpt-oss-120b", readKey, baseUrl: `${baseUrl}/v1` }),
});
