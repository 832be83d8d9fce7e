import { afterAll, beforeAll, expect, it } from "vitest";
import { ExperimentResults } from "#schema/experiments.ts";
import { assignArm } from "#ai/experiments/assign-arm.ts";
import {
  CHAINS,
  POOLS,
  sampleExperiment,
  sampleExperiments,
  type Sample,
} from "#ai/experiments/experiment.fixture.ts";
import { createRunningExperiments } from "#ai/experiments/running-experiments.ts";
import { createFakeClock } from "#ai/fake-clock.ts";
import { sampleConversation } from "#rooms/chatroom/testing/sample-conversation.ts";
import type { Guest } from "../testing/call-api.ts";
import { openTestServer, type TestServer } from "../testing/open-test-server.ts";
import { createWrittenArms } from "./written-arms.ts";

const experiment = sampleExperiment({
  id: "writers",
  arms: [
    { id: "template", weight: 1, sets: { method: "template" } },
    { id: "model", weight: 1, sets: { method: "llm" } },
  ],
});
const armOf = (id: string): string | undefined => assignArm(experiment, id)?.id;
const clock = createFakeClock();

let server: TestServer;
beforeAll(async () => {
  server = await openTestServer({
    clock,
    experiments: [experiment],
    conversations: Array.from({ length: 40 }, (_, nth) => sampleConversation(`c${nth}`)),
  });
});
afterAll(() => server.close());

async function guestOf(arm: string): Promise<Guest> {
  for (;;) {
    const guest = await server.guest();
    if (armOf(guest.id) === arm) return guest;
  }
}

it("two users of different arms are each offered conversations of their arm, and their views are in the results", async () => {
  const [tess, mo] = [await guestOf("template"), await guestOf("model")];
  for (let nth = 0; nth < 5; nth++) {
    for (const guest of [tess, mo]) {
      const { body } = await server.call("GET /api/chatroom/conversation", guest);
      expect(armOf(body.conversation.conversation_id)).toBe(armOf(guest.id));
    }
  }

  const [hers, his] = [await server.join(tess.token), await server.join(mo.token)];
  await expect.poll(() => [hers, his].map(({ state }) => state.conversationId !== "")).toEqual([true, true]);
  expect([armOf(hers.state.conversationId), armOf(his.state.conversationId)]).toEqual(["template", "model"]);

  await his.leave();
  const first = hers.state.conversationId;
  while (hers.state.conversationId === first) {
    await clock.advance(500);
    await new Promise((resolve) => setImmediate(resolve));
  }
  expect(armOf(hers.state.conversationId)).toBe("template");

  const read = async () => {
    const token = await server.operator();
    const { body } = await server.call("GET /api/admin/experiments/writers?days=1", { token });
    return ExperimentResults.parse(body).arms.map(({ results: { id, views, users } }) => ({
      id,
      views,
      users,
    }));
  };
  await expect.poll(read).toEqual([
    { id: "template", views: 1, users: 1 },
    { id: "model", views: 1, users: 1 },
  ]);
  const days = await Array.fromAsync(server.app.repositories.armDays.since("writers", 0));
  expect(Object.fromEntries(days.map(({ armId, finished }) => [armId, finished]))).toEqual({
    template: 1,
    model: 0,
  });
});

it("the pool is parted by what shows in a conversation, and not at all while nothing of it is tried", () => {
  const open = (...samples: readonly Sample[]) => {
    const experiments = sampleExperiments(...samples);
    return createWrittenArms(experiments, createRunningExperiments(experiments));
  };
  expect(open({ id: "pools", arms: POOLS }, { isOn: false })).toBeUndefined();
  const arms = open({ id: "pools", arms: POOLS }, { id: "chains", arms: CHAINS }, { id: "writers" });
  for (const list of [arms?.ofUser("ann"), arms?.ofConversation("ann")]) {
    expect(list?.map((key) => key.split("/")[0])).toEqual(["chains", "writers"]);
  }
});
