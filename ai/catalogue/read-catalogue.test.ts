import { describe, expect, it } from "vitest";
import { AMPLE_LIMITS } from "./ample-limits.fixture.ts";
import { PROVIDERS, type ProviderName } from "../providers/create-model.ts";
import { CatalogueError, readCatalogue, toCatalogue } from "./read-catalogue.ts";

const all: ReadonlySet<ProviderName> = new Set(PROVIDERS);
const catalogue = readCatalogue();

const model = {
  provider: "groq",
  id: "m",
  speed: "fast",
  censorship: "low",
  limits: { contextTokens: 10, outputTokens: 5 },
  takes: { temperature: true, effort: false },
  batch: 0.5,
  prices: [{ from: "2026-01-01", input: 1, output: 2 }],
};
const tasks = { default: { models: { groq: "m" }, outputTokens: 5 } };
const written = { providers: AMPLE_LIMITS, models: [model], chain: ["groq"], tasks };

describe("the model catalogue", () => {
  it("gives a task its models in the customer's order: a fast cheap one, a quality one, a European one, a safe one", () => {
    const providers = catalogue
      .plan("pool-dialogue", { available: all })
      .targets.map(({ provider }) => provider);
    expect(providers.slice(0, 4)).toEqual(["groq", "anthropic", "mistral", "openai"]);
  });

  it("leaves out who has no key, and is empty when nobody has", () => {
    const available: ReadonlySet<ProviderName> = new Set(["mistral"] as const);
    expect(catalogue.plan("pool-dialogue", { available }).targets.map(({ id }) => id)).toEqual([
      "mistral-small-2603",
    ]);
    expect(catalogue.plan("pool-dialogue", { available: new Set() }).targets).toEqual([]);
  });

  it("follows an experiment's order before all others, also by a column", () => {
    const order = ["openai", "groq"] as const;
    const providersBy = (trial: "censorship" | readonly ProviderName[]) =>
      catalogue.plan("anything", { available: all, order, trial }).targets.map(({ provider }) => provider);
    expect(providersBy(["together"])).toEqual(["together"]);
    expect(providersBy("censorship")[0]).toBe("groq");
    expect(providersBy("censorship")).toHaveLength(6);
  });

  it("says how many calls each provider gets", () => {
    for (const provider of PROVIDERS) expect(catalogue.limits(provider).concurrency).toBeGreaterThan(0);
  });

  it("follows an order that is set from outside, who is not named being left out", () => {
    const order = ["openai", "groq"] as const;
    const { targets } = catalogue.plan("anything", { available: all, order });
    expect(targets.map(({ provider }) => provider)).toEqual(["openai", "groq"]);
  });

  it("can order by how soon a model answers, or how seldom it refuses", () => {
    const slow = { ...model, id: "s", provider: "openai", speed: "medium", censorship: "low" };
    const strict = { ...model, censorship: "high" };
    const by = (chain: string) =>
      toCatalogue({
        providers: AMPLE_LIMITS,
        models: [slow, strict],
        chain: ["groq"],
        tasks: { default: { ...tasks.default, models: { openai: "s", groq: "m" }, chain } },
      })
        .plan("default", { available: all })
        .targets.map(({ id }) => id);
    expect(by("speed")).toEqual(["m", "s"]);
    expect(by("censorship")).toEqual(["s", "m"]);
  });

  it("lets a task differ from the usual in single things", () => {
    const differing = toCatalogue({ ...written, tasks: { ...tasks, tale: { outputTokens: 3 } } });
    expect(differing.plan("tale", { available: all })).toMatchObject({
      outputTokens: 3,
      targets: [{ id: "m" }],
    });
    expect(differing.plan("other", { available: all }).outputTokens).toBe(5);
  });

  it("guesses no model", () => {
    expect(() => catalogue.model("groq", "openai/gpt-oss")).toThrow(CatalogueError);
    expect(() => catalogue.model("openai", "openai/gpt-oss-120b")).toThrow("openai has no model");
  });

  it.each([
    ["a model that stands twice", { ...written, models: [model, model] }, "stands twice"],
    [
      "a task with an unknown model",
      { ...written, tasks: { default: { models: { groq: "x" }, outputTokens: 1 } } },
      "no model x",
    ],
    [
      "tiers that fall",
      {
        ...written,
        models: [
          {
            ...model,
            prices: [
              {
                from: "2026-01-01",
                tiers: [
                  { upTo: 5, input: 1, output: 1 },
                  { upTo: 3, input: 1, output: 1 },
                ],
              },
            ],
          },
        ],
      },
      "must rise",
    ],
    ["a field nobody reads", { ...written, colour: "red" }, "colour"],
    ["no usual task", { ...written, tasks: {} }, "default"],
  ])("refuses %s", (_, broken, message) => {
    expect(() => toCatalogue(broken)).toThrow(message);
  });
});
