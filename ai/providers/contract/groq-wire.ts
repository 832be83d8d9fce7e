import { chatWire, frame, toChatUsage } from "./openai-wire.ts";
import type { VendorWire } from "./vendor-wire.ts";

const head = {
  id: "chatcmpl-1",
  object: "chat.completion.chunk",
  created: 1_790_000_000,
  model: "as-served",
};

/** Groq's chat completions: OpenAI's, but for where a stream reports usage and errors; cache writes are free. */
export const groqWire: Omit<VendorWire, "provider" | "create"> = {
  ...chatWire,
  reports: { cacheWrites: "none", thinking: true },
  reply: ({ usage, ...answer }) => chatWire.reply({ ...answer, usage: usage && withoutWrites(usage) }),
  stream: ({ usage, ...answer }) => {
    const frames = chatWire.stream({ ...answer, usage: undefined });
    const last = {
      ...head,
      choices: [{ index: 0, delta: {}, finish_reason: null }],
      x_groq: { id: "req", usage: usage && toChatUsage(withoutWrites(usage)) },
    };
    return [...frames.slice(0, -1), ...(usage ? [frame(last)] : []), ...frames.slice(-1)];
  },
  errorFrame: () => frame({ error: { message: "Over capacity.", type: "internal_server_error" } }),
};

function withoutWrites(usage: Parameters<typeof toChatUsage>[0]): typeof usage {
  const { "5m": short, "1h": long } = usage.cacheWriteTokens;
  return {
    ...usage,
    uncachedInputTokens: usage.uncachedInputTokens + short + long,
    cacheWriteTokens: { "5m": 0, "1h": 0 },
  };
}
