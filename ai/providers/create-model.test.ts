import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { expect, it } from "vitest";
import { createModel, PROVIDERS } from "./create-model.ts";

it.each(PROVIDERS)("%s has an adapter", async (provider) => {
  const model = await createModel(provider, {
    model: "m",
    readKey: () => "key",
    baseUrl: "http://127.0.0.1:1",
  });
  expect(model).toMatchObject({ provider, model: "m" });
});

/** Which packages a fresh process has loaded, before and after it made a model. */
const PROGRAM = `
import { registerHooks } from "node:module";
const packages = new Set();
registerHooks({
  load(url, context, next) {
    const name = /node_modules[/]((?:@[^/]+[/])?[^/]+)/.exec(url)?.[1];
    if (name) packages.add(name);
    return next(url, context);
  },
});
const { createModel } = await import("${new URL("create-model.ts", import.meta.url)}");
const before = [...packages];
await createModel("groq", { model: "m", readKey: () => "key" });
console.log(JSON.stringify({ before, after: [...packages] }));
`;

it("a vendor's SDK is loaded with its first model, and no other's", async () => {
  const { stdout } = await promisify(execFile)(process.execPath, ["--input-type=module", "-e", PROGRAM]);
  const { before, after } = JSON.parse(stdout) as { before: string[]; after: string[] };
  expect(before).toEqual([]);
  expect(after).toContain("groq-sdk");
  for (const other of ["openai", "@anthropic-ai/sdk", "@mistralai/mistralai", "@google/genai"]) {
    expect(after).not.toContain(other);
  }
});
