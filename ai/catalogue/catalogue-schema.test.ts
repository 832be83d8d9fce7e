import { readFileSync } from "node:fs";
import * as path from "node:path";
import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import type { ModelUsage } from "../model.ts";
import type { ModelEntry } from "./catalogue-schema.ts";
import { costNanoUsd } from "./cost-of.ts";
import { readCatalogue, toCatalogue } from "./read-catalogue.ts";

/** The catalogue as it is written, with one more model in it. */
function write(rates: object, more: object = {}): ModelEntry {
  const file = parse(readFileSync(path.join(import.meta.dirname, "models.yaml"), "utf8")) as {
    readonly models: readonly object[];
  };
  const added = {
    provider: "gemini",
    id: "m",
    speed: "fast",
    censorship: "low",
    batch: 0.5,
    limits: { contextTokens: 10, outputTokens: 5 },
    takes: { temperature: true, effort: false },
    prices: [{ from: "2026-01-01", ...rates }],
    ...more,
  };
  return toCatalogue({ ...file, models: [...file.models, added] }).model("gemini", "m");
}

const written = (span: "5m" | "1h", tokens: number): ModelUsage => ({
  uncachedInputTokens: 0,
  cachedInputTokens: 0,
  cacheWriteTokens: { "5m": 0, "1h": 0, [span]: tokens },
  outputTokens: 0,
  thinkingTokens: 0,
});
const cost = (rates: object, span: "5m" | "1h") =>
  costNanoUsd(write(rates), written(span, 1_000_000), Date.parse("2026-11-22"));

describe("keeping that is billed by the hour", () => {
  const rates = { input: 1, output: 2, cacheStoragePerHour: 0.6 };

  it("makes a write cost its input and the whole span", () => {
    expect(cost(rates, "5m")).toBe(1_050_000_000);
    expect(cost(rates, "1h")).toBe(1_600_000_000);
    const { cacheStoragePerHour: _, ...without } = rates;
    expect(cost(without, "1h")).toBe(1_000_000_000);
  });

  it("does so in every tier, and gives way to a price of its own", () => {
    const tiers = [{ upTo: 10, ...rates }, rates];
    expect(cost({ tiers }, "1h")).toBe(1_600_000_000);
    expect(cost({ ...rates, cacheWrite1h: 3 }, "1h")).toBe(3_000_000_000);
  });
});

describe("the shortest beginning that is kept", () => {
  it("is a column of its own, which may be left out", () => {
    expect(write({ input: 1, output: 2 }, { cacheFromTokens: 512 }).cacheFromTokens).toBe(512);
    expect(write({ input: 1, output: 2 }).cacheFromTokens).toBeUndefined();
    expect(() => write({ input: 1, output: 2 }, { cacheFromTokens: 0 })).toThrow("cacheFromTokens");
  });

  it("is told of every model whose vendor takes marks", () => {
    const marked = readCatalogue().models.filter(({ provider }) =>
      ["anthropic", "gemini"].includes(provider),
    );
    expect(marked.map(({ cacheFromTokens }) => cacheFromTokens)).toEqual([512, 512, 4_096, 4_096]);
  });
});
