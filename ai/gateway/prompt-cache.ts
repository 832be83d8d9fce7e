import type { ModelEntry } from "../catalogue/catalogue-schema.ts";
import type { ProviderName } from "../providers/create-model.ts";
import type { CacheSpan, PromptPart, UnsignedRequest } from "../model.ts";
import { usualTokens } from "../usual-tokens.ts";

/** Who keeps the beginnings it is shown; all others keep what they find by themselves. */
const TAKE_MARKS: ReadonlySet<ProviderName> = new Set<ProviderName>(["anthropic", "gemini"]);
/** Who brings calls with the same key to where their beginning is kept. */
const TAKE_KEYS: ReadonlySet<ProviderName> = new Set<ProviderName>(["openai", "mistral", "gemini"]);

/**
 * The request with what a model's cache has a use for: marks whose beginning is long enough to be kept (a shorter one
 * would take the place of one that is), and a key where one is taken. Text stays as it is; how many marks a vendor takes
 * is its adapter's to know.
 */
export function prepareCaching(request: UnsignedRequest, entry: ModelEntry): UnsignedRequest {
  if (!asksForCaching(request)) return request;
  const { provider, cacheFromTokens = 0 } = entry;
  const isKeeping = provider !== "gemini" || hasStoragePrice(entry);
  const takesMarks = isKeeping && TAKE_MARKS.has(provider);
  let tokens = 0;
  /** Has to be asked part by part, in order. */
  const markOf = (text: string, cache: CacheSpan | undefined) => {
    tokens += usualTokens(text);
    return takesMarks && tokens >= cacheFromTokens ? cache : undefined;
  };
  const system = request.system.map(({ text, cache }) => ({ text, cache: markOf(text, cache) }));
  const messages = request.messages.map(({ role, text, cache }) => ({
    role,
    text,
    cache: markOf(text, cache),
  }));
  const takesKey = isKeeping && TAKE_KEYS.has(provider) && tokens >= cacheFromTokens;
  return { ...request, system, messages, cacheKey: takesKey ? request.cacheKey : undefined };
}

const asksForCaching = ({ system, messages, cacheKey }: UnsignedRequest): boolean =>
  cacheKey !== undefined || system.some(isMarked) || messages.some(isMarked);

const isMarked = ({ cache }: PromptPart): boolean => cache !== undefined;

/** Google bills what it is asked to keep by the hour: without a price for that it is asked to keep nothing. */
function hasStoragePrice({ prices }: ModelEntry): boolean {
  const has = ({ cacheStoragePerHour }: { readonly cacheStoragePerHour?: number | undefined }) =>
    cacheStoragePerHour !== undefined;
  return prices.every((price) => ("tiers" in price ? price.tiers.every(has) : has(price)));
}
