import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { ModelUsage } from "../model.ts";
import { costNanoUsd, costOf, isPriced, UnknownPriceError } from "./cost-of.ts";
import { readCatalogue } from "./read-catalogue.ts";

const catalogue = readCatalogue();
const on = (day: string) => Date.parse(day);

function use(
  change: Partial<ModelUsage> & { readonly short?: number; readonly long?: number } = {},
): ModelUsage {
  const { short = 0, long = 0, ...rest } = change;
  return {
    uncachedInputTokens: 0,
    cachedInputTokens: 0,
    cacheWriteTokens: { "5m": short, "1h": long },
    outputTokens: 0,
    thinkingTokens: 0,
    ...rest,
  };
}

describe("what a call costs", () => {
  const haiku = catalogue.model("anthropic", "claude-haiku-5-5");
  const flash = catalogue.model("gemini", "gemini-3.8-flash");
  const small = catalogue.model("groq", "openai/gpt-oss-20b");

  it("is each kind of token times its price", () => {
    // 1000 × 100 + 2000 × 10 + 300 × 125 + 400 × 200 + 50 × 500 nano-dollars.
    const usage = use({
      uncachedInputTokens: 1_000,
      cachedInputTokens: 2_000,
      short: 300,
      long: 400,
      outputTokens: 50,
    });
    expect(costNanoUsd(haiku, usage, on("2026-11-21"))).toBe(100_000 + 20_000 + 37_500 + 80_000 + 25_000);
  });

  it("is told in parts that add up to the whole, what rounding adds with the output", () => {
    const usage = use({ uncachedInputTokens: 1, cachedInputTokens: 3, short: 0, outputTokens: 1 });
    // 75, 112.5 and 300.
    expect(costOf(small, usage, on("2026-11-21"))).toEqual({
      nanoUsd: 488,
      inputNanoUsd: 75,
      cacheNanoUsd: 112,
      outputNanoUsd: 301,
    });
  });

  it("is not known before the first price", () => {
    expect(isPriced(flash, on("2025-12-31"))).toBe(false);
    expect(isPriced(flash, on("2026-01-01"))).toBe(true);
  });

  it("goes by the size of the whole prompt, what is cached included", () => {
    const atLimit = use({ uncachedInputTokens: 1, cachedInputTokens: 99_999 });
    const above = use({ uncachedInputTokens: 1, cachedInputTokens: 100_000 });
    expect(costNanoUsd(haiku, atLimit, on("2026-11-21"))).toBe(100 + 999_990);
    expect(costNanoUsd(haiku, above, on("2026-11-21"))).toBe(500 + 5_000_000);
  });

  it("goes by the day", () => {
    const usage = use({ outputTokens: 100 });
    expect(costNanoUsd(flash, usage, on("2026-12-31T23:59:59Z"))).toBe(375_000);
    expect(costNanoUsd(flash, usage, on("2027-01-01T00:00:00Z"))).toBe(750_000);
    expect(() => costNanoUsd(flash, usage, on("2025-12-31"))).toThrow(UnknownPriceError);
  });

  it("is rounded up once, not token by token", () => {
    // 37.5 nano-dollars for a cached token.
    expect(costNanoUsd(small, use({ cachedInputTokens: 1 }), on("2026-11-21"))).toBe(38);
    expect(costNanoUsd(small, use({ cachedInputTokens: 3 }), on("2026-11-21"))).toBe(113);
  });

  it("is half of it in a batch", () => {
    expect(costNanoUsd(small, use({ outputTokens: 1_001 }), on("2026-11-21"), 0.5)).toBe(150_150);
  });

  it("takes for plain input what has no price of its own", () => {
    const together = catalogue.model("together", "openai/gpt-oss-120b");
    const usage = use({ cachedInputTokens: 10, short: 10, long: 10 });
    expect(costNanoUsd(together, usage, on("2026-11-21"))).toBe(30 * 150);
  });

  it("never falls when a token is added", () => {
    const tokens = fc.nat({ max: 200_000 });
    fc.assert(
      fc.property(tokens, tokens, tokens, (uncachedInputTokens, cachedInputTokens, outputTokens) => {
        const usage = use({ uncachedInputTokens, cachedInputTokens, outputTokens });
        const more = { ...usage, outputTokens: outputTokens + 1 };
        const at = on("2026-11-21");
        expect(costNanoUsd(haiku, more, at)).toBeGreaterThan(costNanoUsd(haiku, usage, at));
      }),
      { seed: 6, numRuns: 200 },
    );
  });
});
