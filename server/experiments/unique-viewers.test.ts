import { afterAll, beforeAll, expect, it } from "vitest";
import { ExperimentResults } from "#schema/experiments.ts";
import { isUniqueId } from "#schema/stored/unique-conversation.ts";
import { assignArm } from "#ai/experiments/assign-arm.ts";
import { POOLS, sampleExperiment, sampleExperiments } from "#ai/experiments/experiment.fixture.ts";
import { createFakeClock } from "#ai/fake-clock.ts";
import { createTestGateway } from "#ai/gateway/gateway.fixture.ts";
import { createScriptedDialogue } from "#ai/pool/scripted-dialogue.fixture.ts";
import { createRng } from "#ai/rng.ts";
import { createRunTask } from "#ai/run-task.ts";
import { openArmDays } from "#data/repositories/arm-days.ts";
import { openMemoryStore } from "#data/repositories/memory-store.fixture.ts";
import { sampleConversation } from "#rooms/chatroom/testing/sample-conversation.ts";
import type { Guest } from "../testing/call-api.ts";
import { openTestServer, type TestServer } from "../testing/open-test-server.ts";
import { createExperiments } from "./create-experiments.ts";
import { createUniqueViewers } from "./unique-viewers.ts";

const experiment = sampleExperiment({ id: "pools", arms: POOLS });
const clock = createFakeClock();

let server: TestServer;
beforeAll(async () => {
  server = await openTestServer({
    clock,
    experiments: [experiment],
    conversations: Array.from({ length: 20 }, (_, nth) => sampleConversation(`c${nth}`)),
  });
});
afterAll(() => server.close());

async function guestOf(arm: string): Promise<Guest> {
  for (;;) {
    const guest = await server.guest();
    if (assignArm(experiment, guest.id)?.id === arm) return guest;
  }
}

const take = async (guest: Guest): Promise<string> =>
  (await server.call("GET /api/chatroom/conversation", guest)).body.conversation.conversation_id;

async function untilWritten({ id }: Guest): Promise<void> {
  const { uniqueConversations } = server.app.repositories;
  await expect.poll(() => uniqueConversations.ready(id, clock.nowMs())).not.toBeNull();
}

const writtenByArm = async () => {
  const token = await server.operator();
  const { body } = await server.call("GET /api/admin/experiments/pools?days=1", { token });
  return ExperimentResults.parse(body).arms.map(({ results }) => results.conversations);
};

it("who is of the arm gets shared conversations until one of their own is written, and others get no other", async () => {
  const [una, pol] = [await guestOf("unique"), await guestOf("pooled")];
  expect(isUniqueId(await take(una))).toBe(false);
  const own = new Set<string>();
  for (let nth = 0; nth < 3; nth++) {
    await untilWritten(una);
    own.add(await take(una));
    expect(isUniqueId(await take(pol))).toBe(false);
  }
  expect([own.size, [...own].every(isUniqueId)]).toEqual([3, true]);
  const [pooled, unique] = await writtenByArm();
  expect(pooled).toBe(0);
  expect(unique).toBeGreaterThanOrEqual(3);
  const { items } = (await server.call("GET /api/me/roles", una)).body;
  expect(items.length).toBeGreaterThan(0);
});

it("their room is nobody else's, and is told of to nobody", async () => {
  const [una, pol] = [await guestOf("unique"), await guestOf("pooled")];
  await take(una);
  await untilWritten(una);
  const own = await server.join(una.token);
  const other = await server.join(pol.token);
  await expect
    .poll(() => [own, other].map(({ state }) => isUniqueId(state.conversationId ?? "")))
    .toEqual([true, false]);
  const { body } = await server.call("GET /api/chatrooms", pol);
  expect(body.items.map((room: { roomId: string }) => room.roomId)).toEqual([other.roomId]);
  await Promise.all([own.leave(), other.leave()]);
});

it("what was written for me is in my export, and goes with me", async () => {
  const una = await guestOf("unique");
  await take(una);
  await untilWritten(una);
  const { body } = await server.call("GET /api/me/export", una);
  expect(body.writtenForMe).toMatchObject([{ id: expect.any(String), messages: expect.any(Array) }]);
  await server.call("DELETE /api/me", una);
  const { uniqueConversations } = server.app.repositories;
  expect(await Array.fromAsync(uniqueConversations.iterateByUser(una.id))).toEqual([]);
  const late = { ...sampleConversation("late"), userId: una.id, isGiven: false };
  await expect(uniqueConversations.insert(late)).rejects.toThrow(/not exist any more/);
});

async function openViewers(arms: typeof POOLS | undefined) {
  const { gateway, entries, clock: time } = createTestGateway({ groq: [{ texts: ["{}"] }] });
  const experiments = createExperiments({
    armDays: await openArmDays(await openMemoryStore()),
    processName: "p",
    clock: time,
    log: { info: () => {}, warn: () => {} },
    experiments: sampleExperiments(arms ? { id: "pools", arms } : { id: "writers" }),
  });
  const runTask = createRunTask(gateway);
  const viewers = createUniqueViewers({ experiments, runTask, usual: "llm", hasModels: true, clock: time });
  return { viewers, experiments, entries, time };
}

it("the writing counts to the viewer's arm, and is paid by the server", async () => {
  const { viewers, experiments, entries, time } = await openViewers(POOLS);
  const userId = ["ann", "bob", "cid", "dan"].find((id) => viewers?.isUnique(id)) ?? "";
  const task = { ...createScriptedDialogue(), name: "pool-dialogue" };
  const input = sampleConversation("c");
  const scope = { conversationId: "unique-1", signal: AbortSignal.any([]), rng: createRng("s"), clock: time };
  const topic = { id: "t", text: "Tea", category: "everyday", sentiment: "neutral" } as const;
  await viewers?.runTaskFor(userId)(task, { ...input, topic }, scope);
  expect(entries.length).toBeGreaterThan(0);
  for (const entry of entries) {
    expect(entry).toMatchObject({ accountId: "system", conversationId: "unique-1", arm: "pools/unique" });
  }
  expect(JSON.stringify(entries)).not.toContain(userId);
  const results = await experiments.results("pools", 1);
  expect(results?.arms.map(({ results: { tasks } }) => tasks)).toEqual([0, 1]);
});

it("nobody watches unique ones while no experiment is about them", async () => {
  expect((await openViewers(undefined)).viewers).toBeUndefined();
});
