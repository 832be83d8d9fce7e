import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { costNanoUsd } from "../catalogue/cost-of.ts";
import { readCatalogue } from "../catalogue/read-catalogue.ts";
import { estimateUsage, mostPromptTokens, worstCostNanoUsd } from "./estimate.ts";

const AT_MS = Date.parse("2026-11-22");
const request = { system: [{ text: "Be kind." }], messages: [{ role: "user" as const, text: "Grüß dich." }] };

describe("the worst a call can cost", () => {
  it("counts every byte of the prompt as a token, and the form of the answer with it", () => {
    expect(mostPromptTokens(request)).toBe(8 + 12 + 2 * 16);
    const output = { name: "o", json: { type: "object" as const } };
    expect(mostPromptTokens({ ...request, output })).toBe(52 + JSON.stringify(output).length);
  });

  it("is never less than what a call does cost, however the prompt is kept", () => {
    const { models } = readCatalogue();
    const share = fc.double({ min: 0, max: 1, noNaN: true });
    fc.assert(
      fc.property(
        fc.constantFrom(...models),
        fc.string({ minLength: 1, maxLength: 5_000, unit: "grapheme" }),
        fc.nat(5_000),
        share,
        share,
        (model, text, maxOutputTokens, cached, written) => {
          const asked = { system: [{ text }], messages: [], maxOutputTokens };
          const prompt = Buffer.byteLength(text);
          const cachedInputTokens = Math.floor(prompt * cached);
          const long = Math.floor((prompt - cachedInputTokens) * written);
          const usage = {
            uncachedInputTokens: prompt - cachedInputTokens - long,
            cachedInputTokens,
            cacheWriteTokens: { "5m": 0, "1h": long },
            outputTokens: maxOutputTokens,
            thinkingTokens: 0,
          };
          const worst = worstCostNanoUsd(model, asked, AT_MS);
          expect(worst).toBeGreaterThanOrEqual(costNanoUsd(model, usage, AT_MS));
        },
      ),
      { seed: 6, numRuns: 500 },
    );
  });
});

it("what is booked without usage is at least what was sent and delivered", () => {
  const asked = { ...request, maxOutputTokens: 10 };
  expect(estimateUsage(asked, "Hé.")).toMatchObject({ uncachedInputTokens: 52, outputTokens: 4 });
  // More bytes than tokens were allowed: so each token had several.
  expect(estimateUsage(asked, "A long story.")).toMatchObject({ outputTokens: 10 });
});
