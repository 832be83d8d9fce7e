import { describe, expect, it } from "vitest";
import { PROVIDERS, type ProviderName } from "../providers/create-model.ts";
import { costNanoUsd } from "./cost-of.ts";
import { CatalogueError, readCatalogue } from "./read-catalogue.ts";
import { withLocalModel } from "./with-local-model.ts";

const usual = readCatalogue();
const catalogue = withLocalModel(usual, "llama3:8b");
const available: ReadonlySet<ProviderName> = new Set(PROVIDERS);

describe("a catalogue with a local model", () => {
  it("has it last in the chain of every task, whatever models a task names itself", () => {
    const tale = { models: { groq: "openai/gpt-oss-20b" } };
    const written = { ...usual.file, tasks: { ...usual.file.tasks, tale } };
    const both = withLocalModel({ ...usual, file: written }, "llama3:8b");
    for (const task of ["default", "pool-dialogue", "tale", "anything"]) {
      expect(both.plan(task, { available }).targets.at(-1)).toMatchObject({
        provider: "local",
        id: "llama3:8b",
      });
    }
    expect(both.plan("tale", { available }).targets[0]?.id).toBe("openai/gpt-oss-20b");
  });

  it("asks it alone when nobody else is there, and leaves it out when it is not", () => {
    const alone = catalogue.plan("default", { available: new Set(["local"] as const) }).targets;
    expect(alone.map(({ id }) => id)).toEqual(["llama3:8b"]);
    const others = catalogue.plan("default", { available: new Set(["groq"] as const) }).targets;
    expect(others.map(({ provider }) => provider)).toEqual(["groq"]);
  });

  it("lets it cost nothing", () => {
    const usage = {
      uncachedInputTokens: 1e6,
      cachedInputTokens: 1e6,
      cacheWriteTokens: { "5m": 1e6, "1h": 1e6 },
      outputTokens: 1e6,
      thinkingTokens: 0,
    };
    expect(costNanoUsd(catalogue.model("local", "llama3:8b"), usage, Date.UTC(2026, 10, 22))).toBe(0);
  });

  it("knows no other model than before, and leaves the one it was made of as it is", () => {
    expect(() => catalogue.model("local", "llama3")).toThrow(CatalogueError);
    expect(() => usual.model("local", "llama3:8b")).toThrow(CatalogueError);
    const tale = { models: { groq: "unheard-of" } };
    const written = { ...usual.file, tasks: { ...usual.file.tasks, tale } };
    expect(() => withLocalModel({ ...usual, file: written }, "llama3:8b")).toThrow("groq has no model");
  });
});
