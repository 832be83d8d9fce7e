import { createHash } from "node:crypto";
import { LRUCache } from "lru-cache";
import type { Clock } from "../clock.ts";
import type { CacheSpan, ModelReply, ModelRequest, PromptMessage, PromptPart } from "../model.ts";
import { usualTokens } from "../usual-tokens.ts";

/** A marked beginning of a prompt: the system prompt, which cannot be divided, and the first of the messages. */
export interface Beginning {
  readonly system: readonly PromptPart[];
  readonly messages: readonly PromptMessage[];
  readonly spanMs: number;
}

/** What stands for a beginning that Google keeps, and the messages that still have to be sent. */
export interface KeptBeginning {
  readonly name: string;
  readonly rest: readonly PromptMessage[];
  readonly digest: string;
}

/** What Google kept of a beginning. */
export interface Kept {
  readonly name: string;
  /** Undefined when it did not tell. */
  readonly tokens: number | undefined;
}

export interface GeminiCachesDeps {
  /** Has a beginning kept. */
  readonly keep: (beginning: Beginning, signal: AbortSignal) => Promise<Kept>;
  readonly clock: Clock;
  /** A beginning is kept from this length on, and a longer one beside it when it adds as much. */
  readonly fromTokens: number;
}

export interface GeminiCaches {
  /** The longest beginning of the request that is kept. May have a longer one kept for later calls, beside this one. */
  find(request: ModelRequest): KeptBeginning | undefined;
  /** Google knows it no more, or will not have it used: it is left alone for a while. */
  forget(kept: KeptBeginning): void;
  /** Adds to a reply's usage what was kept for its key meanwhile, each token once: with this call or one before it. */
  countWrites(request: ModelRequest, reply: ModelReply): ModelReply;
}

const SPAN_MS: Readonly<Record<CacheSpan, number>> = { "5m": 300_000, "1h": 3_600_000 };
/** A call under way must find what it names. */
const SPARE_MS = 10_000;
const KEEPING_LIMIT_MS = 30_000;
/** After a failure nothing is tried with that beginning for so long. */
const PAUSE_MS = 300_000;
const MOST_KEPT = 100;
const MOST_SEEN = 2_000;

/** A beginning as it is looked up: the digest tells it from all others, of other keys too. */
interface MarkedBeginning extends Beginning {
  readonly digest: string;
  readonly tokens: number;
  readonly span: CacheSpan;
  readonly rest: readonly PromptMessage[];
}

/** Without a name it is being kept or has failed; either way nothing is done about it until then. */
interface Known {
  readonly name?: string;
  readonly untilMs: number;
}

/**
 * The beginnings Google keeps for one model on our order. One is kept when it comes for the second time under the same
 * key, since keeping costs as much as sending it once more; what is kept lapses at Google by itself, and is kept anew
 * when it comes again. No call waits for that, and none fails by it.
 */
export function createGeminiCaches({ keep, clock, fromTokens }: GeminiCachesDeps): GeminiCaches {
  const seen = new LRUCache<string, true>({ max: MOST_SEEN });
  const known = new LRUCache<string, Known>({ max: MOST_KEPT });
  const written = new LRUCache<string, Record<CacheSpan, number>>({ max: MOST_KEPT });

  const current = ({ digest }: MarkedBeginning): Known | undefined => {
    const found = known.get(digest);
    return found && clock.nowMs() < found.untilMs ? found : undefined;
  };

  const nameOf = (beginning: MarkedBeginning) => current(beginning)?.name;

  const keepBeside = async (beginning: MarkedBeginning, cacheKey: string): Promise<void> => {
    const { digest, span, spanMs } = beginning;
    const startedAtMs = clock.nowMs();
    const tooLate = new AbortController();
    const cancel = clock.after(KEEPING_LIMIT_MS, () => tooLate.abort());
    known.set(digest, { untilMs: Number.POSITIVE_INFINITY });
    try {
      const { name, tokens = Math.ceil(beginning.tokens) } = await keep(beginning, tooLate.signal);
      known.set(digest, { name, untilMs: startedAtMs + spanMs - SPARE_MS });
      const before = written.get(cacheKey) ?? { "5m": 0, "1h": 0 };
      written.set(cacheKey, { ...before, [span]: before[span] + tokens });
    } catch {
      // Whatever it was, the prompts go on being sent whole.
      known.set(digest, { untilMs: clock.nowMs() + PAUSE_MS });
    } finally {
      cancel();
    }
  };

  return {
    find(request) {
      const { cacheKey } = request;
      if (cacheKey === undefined) return undefined;
      const beginnings = markedBeginnings(request, cacheKey).filter(({ tokens }) => tokens >= fromTokens);
      const best = beginnings.find((beginning) => nameOf(beginning) !== undefined);
      // One that is being kept counts as well, and so does one that failed, lest the next line of a talk order it anew.
      const tried = beginnings.find((beginning) => current(beginning));
      const again = beginnings.find(({ digest }) => seen.has(digest));
      for (const { digest } of beginnings) seen.set(digest, true);
      const gain = (again?.tokens ?? 0) - (tried?.tokens ?? 0);
      if (again && gain >= fromTokens) void keepBeside(again, cacheKey);
      const name = best && nameOf(best);
      return best && name !== undefined ? { name, rest: best.rest, digest: best.digest } : undefined;
    },
    forget: ({ digest }) => void known.set(digest, { untilMs: clock.nowMs() + PAUSE_MS }),
    countWrites({ cacheKey }, reply) {
      const writes = cacheKey === undefined ? undefined : written.get(cacheKey);
      if (cacheKey === undefined || !writes || !reply.usage) return reply;
      written.delete(cacheKey);
      return { ...reply, usage: { ...reply.usage, cacheWriteTokens: writes } };
    },
  };
}

/** The marked beginnings of a prompt that can be kept, the longest first: at least one message has to be left. */
function markedBeginnings({ system, messages }: ModelRequest, cacheKey: string): MarkedBeginning[] {
  const hash = createHash("sha256").update(JSON.stringify([cacheKey, system.map(({ text }) => text)]));
  let tokens = system.reduce((sum, { text }) => sum + usualTokens(text), 0);
  const beginnings: MarkedBeginning[] = [];
  const add = (span: CacheSpan | undefined, count: number) => {
    if (!span || count >= messages.length) return;
    beginnings.unshift({
      system,
      messages: messages.slice(0, count),
      rest: messages.slice(count),
      span,
      spanMs: SPAN_MS[span],
      tokens,
      digest: hash.copy().digest("base64"),
    });
  };
  add(system.at(-1)?.cache, 0);
  for (const [at, { role, text, cache }] of messages.entries()) {
    hash.update(JSON.stringify([role, text]));
    tokens += usualTokens(text);
    add(cache, at + 1);
  }
  return beginnings;
}
