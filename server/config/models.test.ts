import { inspect } from "node:util";
import { describe, expect, it } from "vitest";
import { ConfigError, readConfig } from "../config.ts";

const KEY = "sk-never-to-be-seen";
const models = (environment: Record<string, string>) => readConfig(environment).models;

describe("the settings of models", () => {
  it("asks nobody when nothing is set", () => {
    expect(models({})).toEqual({
      providers: {},
      costReports: {},
      budgets: {
        guestNanoUsd: 100_000_000,
        userNanoUsd: 1_000_000_000,
        systemNanoUsd: 50_000_000_000,
      },
      pool: { method: "template", batch: false },
    });
  });

  it("has every provider that has a key or a file with one, and where it listens", () => {
    const { providers } = models({
      GROQ_API_KEY: ` ${KEY} `,
      ANTHROPIC_API_KEY_FILE: "/run/secrets/anthropic",
      ANTHROPIC_BASE_URL: "http://127.0.0.1:8080",
      MISTRAL_BASE_URL: "https://mistral.example",
      TOGETHER_API_KEY: "",
    });
    expect(Object.keys(providers).toSorted()).toEqual(["anthropic", "groq"]);
    expect(providers.anthropic).toEqual({
      keyFile: "/run/secrets/anthropic",
      baseUrl: "http://127.0.0.1:8080",
    });
    expect(providers.groq).toEqual({ readKey: expect.any(Function) });
    expect(providers.groq && "readKey" in providers.groq && providers.groq.readKey()).toBe(KEY);
  });

  it("reads bills where there is an administrator's key, whoever is asked for models", () => {
    const { providers, costReports } = models({
      ANTHROPIC_ADMIN_KEY: KEY,
      ANTHROPIC_BASE_URL: "http://127.0.0.1:8080",
      OPENAI_API_KEY: "sk-for-models",
    });
    expect(Object.keys(providers)).toEqual(["openai"]);
    expect(costReports).toEqual({
      anthropic: { readKey: expect.any(Function), baseUrl: "http://127.0.0.1:8080" },
    });
    expect(costReports.anthropic?.readKey()).toBe(KEY);
  });

  it("takes an order of providers, whether or not they have keys", () => {
    expect(models({ MODEL_CHAIN: "openai, groq,local" }).order).toEqual(["openai", "groq", "local"]);
  });

  it("takes budgets in dollars and keeps them to the nano-dollar", () => {
    const { budgets } = models({
      BUDGET_GUEST_USD: "0",
      BUDGET_USER_USD: "0.000000001",
      BUDGET_SYSTEM_USD: "1000000",
    });
    expect(budgets).toEqual({ guestNanoUsd: 0, userNanoUsd: 1, systemNanoUsd: 1e15 });
  });

  it("lets models word the pool once there is one, unless told otherwise", () => {
    const local = { LOCAL_MODEL: "llama", LOCAL_MODEL_BASE_URL: "http://127.0.0.1:11434/v1" };
    expect(models({ GEMINI_API_KEY: KEY }).pool.method).toBe("hybrid");
    expect(models(local)).toMatchObject({
      local: { model: "llama", baseUrl: "http://127.0.0.1:11434/v1" },
      pool: { method: "hybrid" },
    });
    expect(models({ ...local, POOL_METHOD: "template" }).pool.method).toBe("template");
    expect(models({ POOL_METHOD: "llm", POOL_BATCH: "true" }).pool).toEqual({ method: "llm", batch: true });
  });

  it.each([
    ["grok is no provider; there are groq, anthropic,", { MODEL_CHAIN: "groq,grok" }],
    ["groq stands twice", { MODEL_CHAIN: "groq,openai,groq" }],
    ["MODEL_CHAIN: names no provider", { MODEL_CHAIN: " , " }],
    ["GROQ_API_KEY_FILE: set this or GROQ_API_KEY", { GROQ_API_KEY: KEY, GROQ_API_KEY_FILE: "/key" }],
    ["OPENAI_API_KEY: must be one word", { OPENAI_API_KEY: `${KEY} ${KEY}` }],
    ["OPENAI_API_KEY: must be one word", { OPENAI_API_KEY: `${KEY}é` }],
    ["ANTHROPIC_ADMIN_KEY: must be one word", { ANTHROPIC_ADMIN_KEY: `${KEY} ${KEY}` }],
    ["TOGETHER_BASE_URL", { TOGETHER_BASE_URL: "api.together.xyz" }],
    ["TOGETHER_BASE_URL", { TOGETHER_BASE_URL: "file:///etc/passwd" }],
    ["MISTRAL_BASE_URL: must hold no user name", { MISTRAL_BASE_URL: `https://me:${KEY}@mistral.example` }],
    ["GEMINI_BASE_URL: must hold no user name", { GEMINI_BASE_URL: `https://:${KEY}@gemini.example` }],
    ["LOCAL_MODEL and LOCAL_MODEL_BASE_URL: both", { LOCAL_MODEL: "llama" }],
    ["LOCAL_MODEL and LOCAL_MODEL_BASE_URL: both", { LOCAL_MODEL_BASE_URL: "http://127.0.0.1:1" }],
    ["BUDGET_GUEST_USD", { BUDGET_GUEST_USD: "-1" }],
    ["BUDGET_USER_USD", { BUDGET_USER_USD: "much" }],
    ["BUDGET_SYSTEM_USD", { BUDGET_SYSTEM_USD: "1000001" }],
    ["POOL_METHOD", { POOL_METHOD: "magic" }],
    ["POOL_BATCH", { POOL_BATCH: "yes" }],
  ])("says %s", (words, environment) => {
    expect(() => readConfig(environment)).toThrow(ConfigError);
    expect(() => readConfig(environment)).toThrow(words);
    expect(() => readConfig(environment)).not.toThrow(KEY);
  });

  it("names all that is wrong at once", () => {
    expect(() => readConfig({ PORT: "http", POOL_BATCH: "1", MODEL_CHAIN: "x" })).toThrow(
      /PORT.*MODEL_CHAIN.*POOL_BATCH/,
    );
  });

  it("shows no key, however it is printed", () => {
    const config = readConfig({ GROQ_API_KEY: KEY, OPENAI_API_KEY: KEY, OPENAI_ADMIN_KEY: KEY });
    const copy = { readKey: undefined, ...config.models.providers.groq };
    const shown = [
      inspect(config, { depth: null, showHidden: true }),
      inspect(copy, { showHidden: true }),
      JSON.stringify(config),
      String(copy.readKey),
    ];
    for (const text of shown) expect(text).not.toContain(KEY);
  });
});
