import { chatWire } from "#ai/providers/contract/openai-wire.ts";
import { serveVendor, type ServedVendor } from "#ai/providers/contract/serve-vendor.ts";
import { serveCalls } from "#loadtest/process/serve-calls.ts";

/** A process that answers chat completions on loopback, each after the same while, and keeps count. */

export interface ServeModelOptions {
  readonly delayMs: number;
  /** What every call is answered. */
  readonly text: string;
}

const OUTPUT_TOKENS = 60;
const CHARACTERS_A_TOKEN = 4;

let vendor: ServedVendor | undefined;

serveCalls({
  async listen({ delayMs, text }: ServeModelOptions): Promise<string> {
    vendor = await serveVendor({
      wire: chatWire,
      delayMs,
      behave: ({ system, messages }) => {
        const said = messages.reduce((sum, message) => sum + message.text.length, system.length);
        const usage = {
          uncachedInputTokens: Math.ceil(said / CHARACTERS_A_TOKEN),
          cachedInputTokens: 0,
          cacheWriteTokens: { "5m": 0, "1h": 0 },
          outputTokens: OUTPUT_TOKENS,
          thinkingTokens: 0,
        };
        return { type: "answer", answer: { texts: [text], stop: "complete", usage } };
      },
    });
    return vendor.baseUrl;
  },
  bill: () => vendor?.bill(),
});
