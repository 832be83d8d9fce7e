import { setImmediate as nextTurn } from "node:timers/promises";
import { expect, test } from "vitest";
import { createFakeClock, type FakeClock } from "#ai/fake-clock.ts";
import { POOLS, sampleExperiments } from "#ai/experiments/experiment.fixture.ts";
import { InvalidContentError } from "#ai/pool/read-content.ts";
import { openMemoryStore } from "#data/repositories/memory-store.fixture.ts";
import { type ArmDays, openArmDays } from "#data/repositories/arm-days.ts";
import { createExperiments } from "./create-experiments.ts";

const WATCHED_TASK = "pool-dialogue";
const DAY_MS = 24 * 3_600_000;
const note = { latencyMs: 100, refused: false, source: "model", attempts: 1, repaired: false } as const;

const open = (armDays: ArmDays, clock: FakeClock, processName: string) =>
  createExperiments({
    armDays,
    clock,
    processName,
    log: { info: () => {}, warn: () => {} },
    experiments: sampleExperiments({ id: "pools", arms: POOLS }),
  });

const openDays = async (): Promise<ArmDays> => openArmDays(await openMemoryStore());

test("what any process saw of an arm is in its results, as soon as it was reported", async () => {
  const [armDays, clock] = [await openDays(), createFakeClock()];
  const [one, two] = [open(armDays, clock, "one"), open(armDays, clock, "two")];
  two.start();
  const readTasks = async () =>
    (await one.results("pools", 1))?.arms.reduce((sum, { results }) => sum + results.tasks, 0);
  for (const userId of ["ann", "bob", "cid"]) {
    one.noteTask(WATCHED_TASK, { userId }, { ...note, costNanoUsd: 5 });
    two.noteTask(WATCHED_TASK, { userId }, { ...note, costNanoUsd: 5 });
  }
  expect(await readTasks()).toBe(3);
  await clock.advance(60_000);
  // The store takes its own time.
  while ((await readTasks()) !== 6) await nextTurn();
  two.noteTask(WATCHED_TASK, { userId: "dan" }, { ...note, costNanoUsd: 5 });
  await two.stop();
  expect(await readTasks()).toBe(7);
});

test("each user's tasks, conversations and views count to the arm they are in", async () => {
  const experiments = open(await openDays(), createFakeClock(), "one");
  const userId = ["ann", "bob", "cid", "dan", "eve"].find((id) => experiments.running.isUnique(id)) as string;
  experiments.noteTask(WATCHED_TASK, { userId }, { ...note, costNanoUsd: 5e9 });
  experiments.noteTask("meeting-turn", { userId }, { ...note, costNanoUsd: 5e9 });
  experiments.noteQuality({ userId }, false);
  experiments.noteQuality({ userId }, true);
  experiments.noteConversation({ userId });
  experiments.noteView(userId, { finished: true });
  experiments.noteTask(WATCHED_TASK, { conversationId: "c" }, { ...note, costNanoUsd: 1e9 });
  const arms = (await experiments.results("pools", 1))?.arms ?? [];
  expect(arms.map(({ results }) => results)).toMatchObject([
    { id: "pooled", tasks: 1, costUsd: 1, conversations: 0, checked: 0, views: 0, users: 0 },
    { id: "unique", tasks: 1, costUsd: 5, conversations: 1, checked: 2, views: 1, users: 1 },
  ]);
});

test("results are of the last days, today among them", async () => {
  const clock = createFakeClock();
  const experiments = open(await openDays(), clock, "one");
  for (let day = 0; day < 3; day++) {
    experiments.noteView("ann", { finished: false });
    await clock.advance(DAY_MS);
  }
  const readViews = async (days: number) =>
    (await experiments.results("pools", days))?.arms.reduce((sum, { results }) => sum + results.views, 0);
  expect([await readViews(1), await readViews(2), await readViews(30)]).toEqual([0, 1, 3]);
  expect(await experiments.results("unheard-of", 1)).toBeNull();
});

test("the server's own experiments can be used, and one that cannot is named at the start", async () => {
  const options = {
    armDays: await openDays(),
    processName: "p",
    clock: createFakeClock(),
    log: { info: () => {}, warn: () => {} },
  };
  expect(createExperiments(options).list()).toHaveLength(3);
  expect(() => sampleExperiments({ share: 2 })).toThrow(InvalidContentError);
});
