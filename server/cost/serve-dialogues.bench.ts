import { groqWire } from "#ai/providers/contract/groq-wire.ts";
import { type Behaviour, serveVendor, type ServedVendor } from "#ai/providers/contract/serve-vendor.ts";
import type { WireRequest } from "#ai/providers/contract/vendor-wire.ts";
import type { ModelUsage } from "#ai/model.ts";
import { createRng, randomInt, type Rng } from "#ai/rng.ts";
import { usualTokens } from "#ai/usual-tokens.ts";
import type { Noted } from "#ai/writer/novelty/ledger.ts";
import { serveCalls } from "#loadtest/process/serve-calls.ts";
import { createDialogueModel } from "./dialogue-model.bench.ts";

/** A process that sells pool dialogues on loopback, fails in one of a hundred requests, and keeps count of the rest. */

/** In equal shares: too many requests, no room, words instead of JSON, and a line that no pool takes. */
const FAULT_SHARE = 0.01;
const RETRY_AFTER_SECONDS = 1;
/** What a model that thinks little does before it answers; an assumption. */
const THINKING_TOKENS = { least: 50, most: 200 };

const model = createDialogueModel();
/** How often each question was asked: asked again, it is answered otherwise. */
const asked = new Map<string, number>();
/** Beginnings of prompts, which the vendor keeps from their first time on. */
const kept = new Set<string>();
let faults = 0;
let vendor: ServedVendor | undefined;

function behave(seed: string, request: WireRequest): Behaviour {
  const question = request.messages.map(({ text }) => text).join("\n");
  const times = (asked.get(question) ?? 0) + 1;
  asked.set(question, times);
  const draw = `${seed}/${question}/${times}`;
  const rng = createRng(draw);
  const fault = Math.floor((rng() / FAULT_SHARE) * 4);
  if (fault < 4) faults++;
  if (fault === 0) return fail(429, { "retry-after": String(RETRY_AFTER_SECONDS) });
  if (fault === 1) return fail(503);
  const text = fault === 2 ? "Sure, here is the chat!" : toAnswer(request, draw, fault === 3 ? " #chat" : "");
  return { type: "answer", answer: { texts: [text], stop: "complete", usage: toUsage(request, text, rng) } };
}

/** Asked to repair an answer, it writes anew to the first question. */
function toAnswer({ system, messages }: WireRequest, draw: string, addition: string): string {
  const question = messages[0]?.text ?? "";
  const lines = model.write(question, `${system}\n${question}`, draw);
  const said = lines.map(({ slot, text, sentiment }, at) => ({
    slot,
    text: at === lines.length - 1 ? text + addition : text,
    sentiment,
  }));
  return JSON.stringify({ messages: said });
}

function toUsage({ schema, system, messages }: WireRequest, answer: string, rng: Rng): ModelUsage {
  const beginning = `${JSON.stringify(schema)}${system}`;
  const [isKept, tokens] = [kept.has(beginning), toTokens(beginning)];
  kept.add(beginning);
  const rest = messages.reduce((sum, { text }) => sum + toTokens(text), 0);
  const thinkingTokens = randomInt(rng, THINKING_TOKENS.least, THINKING_TOKENS.most);
  return {
    uncachedInputTokens: rest + (isKept ? 0 : tokens),
    cachedInputTokens: isKept ? tokens : 0,
    cacheWriteTokens: { "5m": 0, "1h": 0 },
    outputTokens: toTokens(answer) + thinkingTokens,
    thinkingTokens,
  };
}

function fail(status: number, headers: Readonly<Record<string, string>> = {}): Behaviour {
  return {
    type: "script",
    script: { type: "reply", response: { ...groqWire.error(status), headers } },
  };
}

const toTokens = (text: string): number => Math.ceil(usualTokens(text));

serveCalls({
  async listen(seed: string): Promise<string> {
    vendor = await serveVendor({
      wire: groqWire,
      behave: (request) => behave(seed, request),
      keepsUsages: true,
    });
    return vendor.baseUrl;
  },
  learn: (conversations: readonly Noted[]) => model.learn(conversations),
  bill: () => vendor?.bill(),
  countFaults: () => faults,
});
