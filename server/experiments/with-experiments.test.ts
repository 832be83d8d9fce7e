import { expect, it } from "vitest";
import * as z from "zod";
import type { TaskNote } from "#ai/experiments/arm-counters.ts";
import { CHAINS, sampleExperiments } from "#ai/experiments/experiment.fixture.ts";
import { createRunningExperiments, type TaskUnit } from "#ai/experiments/running-experiments.ts";
import { createTestGateway } from "#ai/gateway/gateway.fixture.ts";
import { createRng } from "#ai/rng.ts";
import { createRunTask } from "#ai/run-task.ts";
import { defineTask, type Scope, toPlainPrompt } from "#ai/task.ts";
import { withExperiments } from "./with-experiments.ts";

const task = defineTask({
  name: "hello",
  input: z.object({}),
  output: z.object({ text: z.string() }),
  fromText: (text) => ({ text }),
  prompt: () => toPlainPrompt("", "Hello?"),
  writeOffline: () => ({ text: "Hello." }),
});

function setUp(isOn: boolean) {
  const { gateway, clock, entries } = createTestGateway({
    groq: [{ texts: ["G."] }],
    together: [{ texts: ["T."] }],
  });
  const notes: [string, TaskUnit, TaskNote][] = [];
  const experiments = {
    running: createRunningExperiments(sampleExperiments({ id: "chains", arms: CHAINS, isOn })),
    noteTask: (...note: [string, TaskUnit, TaskNote]) => void notes.push(note),
  };
  const scope: Scope = { signal: new AbortController().signal, rng: createRng("s"), clock };
  return { runTask: withExperiments(createRunTask(gateway), experiments, clock), entries, notes, scope };
}

it("a user's tasks are done as their arm asks, are counted, and stand under it in the books", async () => {
  const { runTask, entries, notes, scope } = setUp(true);
  const users = Array.from({ length: 12 }, (_, nth) => `user-${nth}`);
  const texts = new Map<string, string>();
  for (const userId of users) texts.set(userId, (await runTask(task, {}, { ...scope, userId })).output.text);
  expect(new Set(texts.values())).toEqual(new Set(["G.", "T."]));
  for (const [at, userId] of users.entries()) {
    const isOpen = texts.get(userId) === "T.";
    expect(entries[at]).toMatchObject({ accountId: userId, arm: isOpen ? "chains/open" : "chains/usual" });
    const [name, unit, note] = notes[at] ?? [];
    expect([name, unit?.userId]).toEqual(["hello", userId]);
    expect(note).toMatchObject({ source: "model", attempts: 1, refused: false, repaired: false });
    expect(note?.costNanoUsd).toBe(entries[at]?.costNanoUsd);
  }
});

it("what is part of no experiment is done as ever", async () => {
  const { runTask, entries, notes, scope } = setUp(false);
  expect((await runTask(task, {}, { ...scope, userId: "ann" })).output.text).toBe("G.");
  expect(entries[0]).not.toHaveProperty("arm");
  expect(notes).toEqual([]);
});
