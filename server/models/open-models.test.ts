import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { ProviderName } from "#ai/providers/create-model.ts";
import { readCatalogue } from "#ai/catalogue/read-catalogue.ts";
import { createFakeClock } from "#ai/fake-clock.ts";
import { toRequest } from "#ai/gateway/scripted-model.fixture.ts";
import { messagesWire } from "#ai/providers/contract/anthropic-wire.ts";
import { geminiWire } from "#ai/providers/contract/gemini-wire.ts";
import { groqWire } from "#ai/providers/contract/groq-wire.ts";
import { mistralWire } from "#ai/providers/contract/mistral-wire.ts";
import { openVendor } from "#ai/providers/contract/open-vendor.ts";
import { chatWire } from "#ai/providers/contract/openai-wire.ts";
import type { VendorWire } from "#ai/providers/contract/vendor-wire.ts";
import { readConfig } from "../config.ts";
import { openModels } from "./open-models.ts";

type Wire = Pick<VendorWire, "reply" | "readKey">;

const usage = {
  uncachedInputTokens: 3,
  cachedInputTokens: 0,
  cacheWriteTokens: { "5m": 0, "1h": 0 },
  outputTokens: 2,
  thinkingTokens: 0,
};

const catalogue = readCatalogue();

async function open(environment: Record<string, string>) {
  const clock = createFakeClock();
  const logged: [object, string][] = [];
  const note = (fields: unknown, text?: string) => void logged.push([fields as object, text ?? ""]);
  const models = await openModels({
    settings: readConfig(environment).models,
    catalogue,
    clock,
    log: { info: note, warn: note },
  });
  return { models, clock, logged };
}

describe("the models of a server", () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "parley-models-"));
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  it.each<[ProviderName, string, Wire]>([
    ["groq", "", groqWire],
    ["anthropic", "", messagesWire],
    ["mistral", "", mistralWire],
    ["openai", "/v1", chatWire],
    ["gemini", "", geminiWire],
    ["together", "/v1", chatWire],
  ])(
    "%s is asked with a changed key from the next call on, by all its models",
    async (provider, path, wire) => {
      const vendor = await openVendor();
      vendor.play({ type: "reply", response: wire.reply({ texts: ["Hm."], stop: "complete", usage }) });
      const keyFile = join(folder, "key");
      writeFileSync(keyFile, "key-1");
      const prefix = provider.toUpperCase();
      const { models, clock, logged } = await open({
        [`${prefix}_API_KEY_FILE`]: keyFile,
        [`${prefix}_BASE_URL`]: `${vendor.baseUrl}${path}`,
      });
      const entries = catalogue.models.filter((entry) => entry.provider === provider);
      const askAll = async () => {
        for (const entry of entries) await models.get(entry).generate(toRequest());
      };
      await askAll();
      writeFileSync(keyFile, "key-2");
      await clock.advance(1_000);
      await askAll();
      const used = vendor.received.map(({ headers }) => wire.readKey(headers));
      expect(used).toEqual([...entries.map(() => "key-1"), ...entries.map(() => "key-2")]);
      expect(logged.slice(1)).toEqual([[{ provider }, "another key is in use from now on"]]);
      expect(JSON.stringify(logged)).not.toMatch(/key-[12]/);
    },
  );

  it("warns once of a key file that vanished, and goes on with the last key", async () => {
    const keyFile = join(folder, "key");
    writeFileSync(keyFile, "key-1");
    const { models, clock, logged } = await open({ MISTRAL_API_KEY_FILE: keyFile });
    rmSync(keyFile);
    await clock.advance(1_000);
    expect(models.access.get("mistral")?.readKey()).toBe("key-1");
    expect(logged.slice(1)).toEqual([
      [{ provider: "mistral", reason: "ENOENT" }, "the key file gives no key; the last one stays in use"],
    ]);
  });

  it("does not start with a key file that is not there", async () => {
    await expect(open({ GROQ_API_KEY_FILE: join(folder, "none") })).rejects.toThrow(/^GROQ_API_KEY_FILE: /);
  });

  it("are made once, and only of providers that have a key", async () => {
    const { models } = await open({ GROQ_API_KEY: "k" });
    const entry = { provider: "groq", id: "openai/gpt-oss-20b" } as const;
    expect(models.get(entry)).toBe(models.get(entry));
    expect(models.get(entry)).toMatchObject({ provider: "groq", model: "openai/gpt-oss-20b" });
    expect([...models.available]).toEqual(["groq"]);
    expect(() => models.get({ provider: "openai", id: "gpt-6-luna" })).toThrow("openai gpt-6-luna");
  });

  it("include the local one, which is asked without a key of ours", async () => {
    const vendor = await openVendor();
    vendor.play({ type: "reply", response: chatWire.reply({ texts: ["Hm."], stop: "complete", usage }) });
    const { models } = await open({
      LOCAL_MODEL: "llama",
      LOCAL_MODEL_BASE_URL: `${vendor.baseUrl}/v1`,
    });
    const [target] = models.catalogue.plan("pool-dialogue", { available: models.available }).targets;
    expect(target).toMatchObject({ provider: "local", id: "llama" });
    if (target) await models.get(target).generate(toRequest());
    expect(vendor.received[0]).toMatchObject({
      path: "/v1/chat/completions",
      body: { model: "llama" },
      headers: { authorization: "Bearer none" },
    });
  });

  it("are told to the log in the order in which they are asked, with who is left out for want of a key", async () => {
    const { logged } = await open({
      MODEL_CHAIN: "local,openai,anthropic,groq",
      GROQ_API_KEY: "k",
      OPENAI_API_KEY: "k",
      MISTRAL_API_KEY: "k",
    });
    expect(logged).toEqual([
      [
        { chain: ["openai gpt-6-luna", "groq openai/gpt-oss-120b"], leftOut: ["local", "anthropic"] },
        "models are asked in this order, where a task does not say otherwise",
      ],
    ]);
    expect((await open({})).logged).toEqual([
      [{ chain: [] }, "no model can be asked: everything is written offline"],
    ]);
  });
});
