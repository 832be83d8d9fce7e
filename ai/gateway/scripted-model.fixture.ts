import type { LanguageModel, ModelEvent, ModelReply, ModelRequest } from "../model.ts";
import { ProviderError } from "../providers/provider-error.ts";

/** What a scripted model does with one call: texts, and how it ends. `hang` waits for an abort. */
export interface ScriptedCall {
  readonly texts?: readonly string[];
  readonly end?: Partial<ModelReply> | ProviderError | "hang";
}

export interface ScriptedModel extends LanguageModel {
  /** Every request it got. */
  readonly requests: readonly ModelRequest[];
}

/** A model for tests that does what it is told, call by call; the last of the calls is repeated. */
export function createScriptedModel(provider: string, ...calls: readonly ScriptedCall[]): ScriptedModel {
  const requests: ModelRequest[] = [];
  async function* play(request: ModelRequest): AsyncGenerator<ModelEvent> {
    requests.push(request);
    const { texts = [], end = {} } = calls[Math.min(requests.length, calls.length) - 1] ?? {};
    for (const text of texts) yield { type: "text", text };
    if (end === "hang") await untilAborted(request.signal);
    if (request.signal.aborted) throw new ProviderError(provider, "aborted");
    if (end instanceof ProviderError) throw end;
    if (end === "hang") return;
    yield {
      type: "end",
      reply: { text: texts.join(""), stop: "complete", usage: undefined, servedBy: provider, ...end },
    };
  }
  return {
    provider,
    model: `${provider}-model`,
    requests,
    stream: play,
    async generate(request) {
      for await (const event of play(request)) if (event.type === "end") return event.reply;
      throw new ProviderError(provider, "malformed");
    },
  };
}

async function untilAborted(signal: AbortSignal): Promise<void> {
  if (signal.aborted) return;
  await new Promise((resolve) => {
    signal.addEventListener("abort", resolve, { once: true });
  });
}

/** A request of no interest. */
export function toRequest(signal: AbortSignal = new AbortController().signal): ModelRequest {
  return { system: [], messages: [{ role: "user", text: "Hm?" }], maxOutputTokens: 10, signal };
}
