import { expect, it } from "vitest";
import { createBatchModel } from "./create-batch-model.ts";

const options = { model: "m", readKey: () => "key" };

it.each(["groq", "anthropic", "mistral", "openai", "gemini"] as const)(
  "%s takes batches",
  async (provider) => {
    expect(await createBatchModel(provider, options)).toMatchObject({ provider, model: "m" });
  },
);

it.each(["together", "local"] as const)("%s takes none", async (provider) => {
  expect(await createBatchModel(provider, options)).toBeUndefined();
});
