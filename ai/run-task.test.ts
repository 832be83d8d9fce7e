import * as z from "zod/mini";
import { describe, expect, it } from "vitest";
import { InvalidTaskInputError, InvalidTaskOutputError, TaskAbortedError } from "./errors.ts";
import { createFakeClock } from "./fake-clock.ts";
import { createRng } from "./rng.ts";
import { runOffline } from "./run-task.ts";
import { defineTask, type Scope, toPlainPrompt } from "./task.ts";

const double = defineTask({
  name: "double",
  input: z.object({ count: z.number().check(z.gte(0)) }),
  output: z.object({ doubled: z.number().check(z.lte(100)) }),
  answers: ({ count }, { doubled }) => doubled === count * 2,
  prompt: ({ count }) => toPlainPrompt("Double it.", String(count)),
  writeOffline: ({ count }, { rng }) => ({ doubled: count === 13 ? Math.floor(rng() * 10) : count * 2 }),
});

const scope = (signal = new AbortController().signal): Scope => ({
  signal,
  rng: createRng("seed"),
  clock: createFakeClock(),
});

describe("runOffline", () => {
  it("answers from the offline writer, at no cost", async () => {
    expect(await runOffline(double, { count: 4 }, scope())).toEqual({
      output: { doubled: 8 },
      source: "offline",
      attempts: 1,
      usage: { inputTokens: 0, cachedTokens: 0, cacheWriteTokens: 0, outputTokens: 0 },
      costUsd: 0,
    });
  });

  it("refuses an input that does not fit, before anything is written", async () => {
    await expect(runOffline(double, { count: -1 }, scope())).rejects.toBeInstanceOf(InvalidTaskInputError);
  });

  it("refuses an output that breaks the schema", async () => {
    await expect(runOffline(double, { count: 60 }, scope())).rejects.toBeInstanceOf(InvalidTaskOutputError);
  });

  it("refuses an output that does not answer its input", async () => {
    await expect(runOffline(double, { count: 13 }, scope())).rejects.toBeInstanceOf(InvalidTaskOutputError);
  });

  it("does nothing for a scope that was aborted", async () => {
    await expect(runOffline(double, { count: 4 }, scope(AbortSignal.abort()))).rejects.toBeInstanceOf(
      TaskAbortedError,
    );
  });

  it("keeps no part of an input in its errors' messages", async () => {
    const failure = await runOffline(double, { count: -77 }, scope()).catch(String);
    expect(failure).not.toContain("77");
  });
});
