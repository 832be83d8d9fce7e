import type Anthropic from "@anthropic-ai/sdk";
import type {
  CacheSpan,
  ModelEvent,
  ModelReply,
  ModelRequest,
  ModelUsage,
  PromptPart,
  StopReason,
} from "../model.ts";
import { ProviderError } from "./provider-error.ts";

type Usage = Partial<Anthropic.Usage>;

/** How many marks Anthropic takes in one request. */
const MAX_MARKS = 4;

/** A request as Anthropic takes it. Its models no longer take a temperature, so none is sent. */
export function toMessageParams(
  model: string,
  request: ModelRequest,
): Anthropic.MessageCreateParamsNonStreaming {
  const { system, messages, output, effort, maxOutputTokens } = request;
  const marks = chooseMarks([...system, ...messages]);
  return {
    model,
    max_tokens: maxOutputTokens,
    ...(system.length > 0 && {
      // Blocks are strung together as they are: what parts them has to be in their text.
      system: system.map(({ text }, at) => toBlock(at > 0 ? `\n\n${text}` : text, marks[at])),
    }),
    messages: messages.map(({ role, text }, at) => ({
      role,
      content: [toBlock(text, marks[system.length + at])],
    })),
    ...((output || effort) && {
      output_config: {
        ...(effort && { effort }),
        ...(output && {
          format: { type: "json_schema" as const, schema: output.json },
        }),
      },
    }),
  };
}

function toBlock(text: string, mark: CacheSpan | undefined): Anthropic.TextBlockParam {
  return { type: "text", text, ...(mark && { cache_control: { type: "ephemeral", ttl: mark } }) };
}

/**
 * The mark each part gets, of at most four. Long spans have to come before short ones: a short one that stands before a
 * long one becomes long, which costs nothing more, as all that stands before a long one is billed as long. Of too many,
 * the last of each span stay, for they hold the most; neither span takes more than half while the other needs its own.
 */
export function chooseMarks(parts: readonly PromptPart[]): (CacheSpan | undefined)[] {
  const lastLong = parts.findLastIndex(({ cache }) => cache === "1h");
  const marked = parts.flatMap(({ cache }, at) => (cache ? [at] : []));
  const long = marked.filter((at) => at <= lastLong);
  const short = marked.filter((at) => at > lastLong);
  const share = (other: readonly number[]) => Math.max(MAX_MARKS / 2, MAX_MARKS - other.length);
  const kept = new Set([...long.slice(-share(short)), ...short.slice(-share(long))]);
  return parts.map((_, at) => (kept.has(at) ? (at <= lastLong ? "1h" : "5m") : undefined));
}

/** @throws ProviderError when it is no message. */
export function fromMessage(provider: string, message: Anthropic.Message): ModelReply {
  // A body that does not say it is JSON comes as a string.
  if (!Array.isArray(message?.content) || !message.stop_reason) {
    throw new ProviderError(provider, "malformed");
  }
  return {
    text: message.content.map((block) => (block.type === "text" ? block.text : "")).join(""),
    stop: toStop(message.stop_reason),
    usage: toUsage(message.usage),
    servedBy: message.model,
  };
}

/** @throws ProviderError when the stream ends before it says why. */
export async function* fromMessageEvents(
  provider: string,
  events: AsyncIterable<Anthropic.RawMessageStreamEvent>,
): AsyncIterable<ModelEvent> {
  let text = "";
  let servedBy: string | undefined;
  let stop: StopReason | undefined;
  let usage: Usage | undefined;
  for await (const event of events) {
    if (event.type === "message_start") {
      servedBy = event.message.model;
      usage = mergeUsage(usage, event.message.usage);
    }
    const piece = pieceOf(event);
    if (piece) {
      text += piece;
      yield { type: "text", text: piece };
    } else {
      yield { type: "progress" };
    }
    if (event.type === "message_delta") {
      usage = mergeUsage(usage, event.usage);
      if (event.delta.stop_reason) stop = toStop(event.delta.stop_reason);
    }
  }
  // The SDK passes over frames without a name, so of a body that is something else altogether nothing is left.
  if (servedBy === undefined) throw new ProviderError(provider, "malformed");
  if (!stop) throw new ProviderError(provider, "interrupted");
  yield { type: "end", reply: { text, stop, usage: toUsage(usage), servedBy } };
}

/** What an event adds to the text: thinking and its signatures add nothing. */
function pieceOf(event: Anthropic.RawMessageStreamEvent): string {
  if (event.type === "content_block_start" && event.content_block.type === "text") {
    return event.content_block.text;
  }
  return event.type === "content_block_delta" && event.delta.type === "text_delta" ? event.delta.text : "";
}

function toStop(reason: Anthropic.StopReason): StopReason {
  if (reason === "refusal") return "refused";
  return reason === "max_tokens" || reason === "model_context_window_exceeded" ? "truncated" : "complete";
}

/** Later figures are totals as well, and replace earlier ones; null stands for one that is not told again. */
function mergeUsage(
  before: Usage | undefined,
  after: Partial<Anthropic.MessageDeltaUsage> | undefined,
): Usage | undefined {
  if (!after) return before;
  const told = Object.entries(after).filter(([, value]) => value !== null);
  return { ...before, ...(Object.fromEntries(told) as Usage) };
}

/** Input tokens count neither what is read from the cache nor what is written to it. */
function toUsage(usage: Usage | undefined): ModelUsage | undefined {
  if (!usage) return undefined;
  const long = usage.cache_creation?.ephemeral_1h_input_tokens ?? 0;
  const short = usage.cache_creation?.ephemeral_5m_input_tokens ?? 0;
  return {
    uncachedInputTokens: usage.input_tokens ?? 0,
    cachedInputTokens: usage.cache_read_input_tokens ?? 0,
    // Written tokens that no span claims are of the span Anthropic takes when none is asked for.
    cacheWriteTokens: {
      "5m": Math.max(short, (usage.cache_creation_input_tokens ?? 0) - long),
      "1h": long,
    },
    outputTokens: usage.output_tokens ?? 0,
    thinkingTokens: usage.output_tokens_details?.thinking_tokens ?? 0,
  };
}
