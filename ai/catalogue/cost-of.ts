import { type ModelUsage, promptTokens } from "../model.ts";
import type { ModelEntry } from "./catalogue-schema.ts";

/** A model that had no price yet on that day. */
export class UnknownPriceError extends Error {}

type Priced = ModelEntry["prices"][number];
type Rates = Extract<Priced, { readonly tiers: unknown }>["tiers"][number];

/** One dollar per million tokens is a million pico-dollars per token, so every price is a whole number of them. */
const PICO_PER_TOKEN = 1_000_000;
const PICO_PER_NANO = 1_000n;

/** What a call costs, and its parts, which add up to the whole exactly. */
export interface Cost {
  readonly nanoUsd: number;
  readonly inputNanoUsd: number;
  /** Reading from and writing to the vendor's cache. */
  readonly cacheNanoUsd: number;
  readonly outputNanoUsd: number;
}

/** Whether the model has a price on that day, without which nobody may ask it. */
export const isPriced = ({ prices }: Pick<ModelEntry, "prices">, atMs: number): boolean =>
  prices.some(({ from }) => from <= atMs);

/**
 * What a call costs in nano-dollars, rounded up once: the sum of each kind of token times its price on the day, the
 * whole prompt deciding the tier. `share` is what of the price is paid (a batch's half). What rounding adds is counted
 * as output's.
 * @throws UnknownPriceError before the model's first price
 */
export function costOf(
  model: Pick<ModelEntry, "id" | "prices">,
  usage: ModelUsage,
  atMs: number,
  share = 1,
): Cost {
  const { "5m": short, "1h": long } = usage.cacheWriteTokens;
  const { input, output, cacheRead, cacheWrite5m, cacheWrite1h } = ratesFor(model, promptTokens(usage), atMs);
  const plain = toPico(usage.uncachedInputTokens, input);
  const cache =
    toPico(usage.cachedInputTokens, cacheRead ?? input) +
    toPico(short, cacheWrite5m ?? input) +
    toPico(long, cacheWrite1h ?? cacheWrite5m ?? input);
  const written = toPico(usage.outputTokens, output);
  const nanoUsd = toNano(plain + cache + written, share);
  const inputNanoUsd = toWholeNano(plain, share);
  const cacheNanoUsd = toWholeNano(cache, share);
  return { nanoUsd, inputNanoUsd, cacheNanoUsd, outputNanoUsd: nanoUsd - inputNanoUsd - cacheNanoUsd };
}

/** The whole of `costOf`. */
export const costNanoUsd = (...call: Parameters<typeof costOf>): number => costOf(...call).nanoUsd;

/**
 * What a call with so many tokens cannot cost more than, whether its prompt is written to a cache or not.
 * @throws UnknownPriceError before the model's first price
 */
export function dearestNanoUsd(
  model: Pick<ModelEntry, "id" | "prices">,
  prompt: number,
  outputTokens: number,
  atMs: number,
  share = 1,
): number {
  const { input, output, cacheWrite5m = 0, cacheWrite1h = 0 } = ratesFor(model, prompt, atMs);
  const dearest = Math.max(input, cacheWrite5m, cacheWrite1h);
  return toNano(toPico(prompt, dearest) + toPico(outputTokens, output), share);
}

function ratesFor({ id, prices }: Pick<ModelEntry, "id" | "prices">, prompt: number, atMs: number): Rates {
  let price: Priced | undefined;
  for (const each of prices) if (each.from <= atMs && each.from >= (price?.from ?? -Infinity)) price = each;
  if (!price)
    throw new UnknownPriceError(`${id} has no price on ${new Date(atMs).toISOString().slice(0, 10)}`);
  if (!("tiers" in price)) return price;
  const tier = price.tiers.find(({ upTo }) => upTo === undefined || prompt <= upTo);
  if (!tier) throw new UnknownPriceError(`${id} has no price for a prompt of ${prompt} tokens`);
  return tier;
}

function toPico(tokens: number, usdPerMillion: number): bigint {
  return BigInt(tokens) * BigInt(Math.round(usdPerMillion * PICO_PER_TOKEN));
}

/** The share in thousandths, so that one such as a half stays exact. */
const paid = (pico: bigint, share: number): bigint => pico * BigInt(Math.round(share * 1_000));
const PAID_PER_NANO = 1_000n * PICO_PER_NANO;

const toNano = (pico: bigint, share: number): number =>
  Number((paid(pico, share) + PAID_PER_NANO - 1n) / PAID_PER_NANO);

const toWholeNano = (pico: bigint, share: number): number => Number(paid(pico, share) / PAID_PER_NANO);
