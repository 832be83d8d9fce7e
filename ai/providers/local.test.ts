import { chatWire } from "./contract/openai-wire.ts";
import { describeProvider } from "./contract/provider-rules.ts";
import { createLocalModel } from "./local.ts";

describeProvider({
  ...chatWire,
  provider: "local",
  create: (baseUrl, readKey) => createLocalModel({ model: "llama", readKey, baseUrl: `${baseUrl}/v1` }),
});
