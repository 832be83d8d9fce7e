import { beforeEach, describe, expect, test } from "vitest";
import { createFakeClock, type FakeClock } from "../fake-clock.ts";
import { createRng } from "../rng.ts";
import { createActivePool, toPoolEntry, type ActivePool } from "./active-pool.ts";
import { toCastChatling } from "./casting.ts";
import { createChooser, toStoredView, type Chooser } from "./choose.ts";
import { createMemoryPorts, type MemoryPorts } from "./memory-ports.ts";
import { createConversation } from "./pool-entry.fixture.ts";
import { createStarters } from "./starters.fixture.ts";

const HOUR = "2026-01-01T00";
const chatlings = createStarters().map(toCastChatling);
const topics = Array.from({ length: 20 }, (_, i) => ({ id: `topic-${i}` }));

let ports: MemoryPorts;
let pool: ActivePool;
let clock: FakeClock;
let chooser: Chooser;

function fill(count: number): void {
  const conversations = Array.from({ length: count }, (_, i) => createConversation(HOUR, i, topics));
  for (const conversation of conversations) {
    ports.conversations.records.set(conversation.id, conversation);
    pool.add(toPoolEntry(conversation));
  }
}

/** A chooser that remembers nothing yet, as another process or a restarted one. */
function another(): Chooser {
  const { views, conversations } = ports;
  return createChooser({ pool, views, conversations, clock, rng: createRng("another") });
}

async function see(userId: string, ids: Iterable<string>): Promise<void> {
  for (const id of ids) {
    const conversation = ports.conversations.records.get(id)!;
    await ports.views.record(toStoredView(userId, conversation, [], clock.nowMs()));
  }
}

beforeEach(() => {
  ports = createMemoryPorts();
  pool = createActivePool();
  clock = createFakeClock(Date.UTC(2026, 0, 1, 0, 30));
  chooser = another();
});

describe("taking a conversation", () => {
  test("casts it, records the view, and never gives the same one twice until all are seen", async () => {
    fill(100);
    const seen = new Set<string>();
    for (let i = 0; i < 100; i++) {
      const taken = await chooser.take({ userId: "u", chatlings });
      expect(taken).not.toBeNull();
      expect(seen.has(taken!.conversation.id)).toBe(false);
      seen.add(taken!.conversation.id);
      expect(taken!.cast.map(({ slot }) => slot)).toEqual(taken!.conversation.roles.map(({ slot }) => slot));
    }
    expect(await chooser.take({ userId: "u", chatlings })).toBeNull();
    expect(ports.views.records.size).toBe(100);
    const view = ports.views.records.get(`u|${[...seen][0]}`)!;
    expect(view.cast[0]).toEqual({
      slot: 0,
      archetype: expect.any(String),
      chatlingId: expect.any(String),
      score: expect.any(Number),
    });
    expect(view.expiresAtMs - view.viewedAtMs).toBe(7 * 24 * 3_600_000);
  });

  test("finds the last unseen one for a user whom this process does not know yet", async () => {
    fill(300);
    const [last, ...others] = [...ports.conversations.records.keys()];
    await see("u", others);
    expect((await chooser.take({ userId: "u", chatlings }))?.conversation.id).toBe(last);
    expect(await chooser.take({ userId: "u", chatlings })).toBeNull();
  });

  test("asks the store nothing more of a user who has seen all, until something new comes", async () => {
    fill(50);
    await see("u", ports.conversations.records.keys());
    expect(await chooser.take({ userId: "u", chatlings })).toBeNull();
    const reads = ports.views.reads;
    expect(await chooser.take({ userId: "u", chatlings })).toBeNull();
    expect(ports.views.reads).toBe(reads);
    fill(51);
    expect(await chooser.take({ userId: "u", chatlings })).not.toBeNull();
  });

  test("two processes racing for one user share the conversations without a double", async () => {
    fill(60);
    const choosers = [chooser, another(), another()];
    const taken = await Promise.all(
      Array.from({ length: 60 }, (_, i) => choosers[i % 3]!.take({ userId: "u", chatlings })),
    );
    expect(new Set(taken.map((one) => one?.conversation.id)).size).toBe(60);
    expect(await choosers[1]!.take({ userId: "u", chatlings })).toBeNull();
  });

  test("reads as much for a user with a thousand views in a large pool as for a new one in a small pool", async () => {
    const readsPerTake = async (userId: string) => {
      const before = ports.views.reads;
      for (let i = 0; i < 20; i++) await chooser.take({ userId, chatlings });
      return ports.views.reads - before;
    };
    fill(200);
    const forNew = await readsPerTake("new");
    const old = Array.from({ length: 1000 }, (_, i) => createConversation("2025-12-20T00", i, topics));
    for (const conversation of old) await ports.views.record(toStoredView("old", conversation, [], 0));
    fill(5000);
    expect(await readsPerTake("old")).toBeLessThanOrEqual(forNew);
  });

  test("never has more slots than the user has active chatlings; fewer than two get nothing", async () => {
    fill(100);
    for (const count of [0, 1]) {
      expect(await chooser.take({ userId: "u", chatlings: chatlings.slice(0, count) })).toBeNull();
    }
    for (const count of [2, 3, 4]) {
      for (let i = 0; i < 15; i++) {
        const taken = await chooser.take({ userId: `u${count}`, chatlings: chatlings.slice(0, count) });
        expect(taken!.conversation.participantCount).toBeLessThanOrEqual(count);
      }
    }
  });

  test("heeds difficulty and topic, and gives nothing when none fits", async () => {
    fill(100);
    for (let i = 0; i < 20; i++) {
      const taken = await chooser.take({ userId: "u", chatlings, difficulty: "complex" });
      expect(taken?.conversation.difficulty).toBe("complex");
    }
    const taken = await chooser.take({ userId: "u", chatlings, topicId: "topic-3" });
    expect(taken?.conversation.topicId).toBe("topic-3");
    expect(await chooser.take({ userId: "u", chatlings, topicId: "topic-x" })).toBeNull();
    expect(
      await chooser.take({ userId: "two", chatlings: chatlings.slice(0, 2), difficulty: "complex" }),
    ).toBeNull();
  });

  test("does not come back to any of the last eight topics while others are there", async () => {
    fill(200);
    const seen: string[] = [];
    for (let i = 0; i < 30; i++) {
      // Half of the time by a process that knows only what the store tells.
      const taken = await (i % 2 ? another() : chooser).take({ userId: "u", chatlings });
      chooser.noteView({
        userId: "u",
        conversationId: taken!.conversation.id,
        topicId: taken!.conversation.topicId,
      });
      expect(seen.slice(-8)).not.toContain(taken!.conversation.topicId);
      seen.push(taken!.conversation.topicId);
    }
  });

  test("passes over conversations that were removed from the store or whose time is over", async () => {
    fill(40);
    for (const id of [...ports.conversations.records.keys()].slice(0, 39)) ports.conversations.remove(id, 0);
    const [left] = ports.conversations.records.keys();
    expect((await chooser.take({ userId: "u", chatlings }))?.conversation.id).toBe(left);
    expect(await chooser.take({ userId: "u", chatlings })).toBeNull();
    await clock.advance(26 * 3_600_000);
    expect(await chooser.take({ userId: "v", chatlings })).toBeNull();
  });

  test("a user who was erased starts anew", async () => {
    fill(2);
    await see("u", ports.conversations.records.keys());
    expect(await chooser.take({ userId: "u", chatlings })).toBeNull();
    ports.views.records.clear();
    chooser.forget("u");
    expect(await chooser.take({ userId: "u", chatlings })).not.toBeNull();
  });
});

describe("while an experiment tries ways of writing", () => {
  const armsOf = (id: string): string[] => (Number(id.slice(-1)) % 2 === 0 ? ["even"] : ["odd"]);
  const ofUser = (userId: string): string[] => (userId === "nobody" ? [] : [userId]);

  beforeEach(() => {
    pool = createActivePool(armsOf);
    const { views, conversations } = ports;
    chooser = createChooser({ pool, arms: { ofUser }, views, conversations, clock, rng: createRng("arms") });
  });

  const takeAll = async (userId: string, times: number) => {
    const arms: string[] = [];
    for (let i = 0; i < times; i++) {
      const taken = await chooser.take({ userId, chatlings });
      arms.push(...armsOf(taken!.conversation.id));
    }
    return arms;
  };

  test.each(["even", "odd"])(
    "users of an arm get what was written for it first, then the rest (%s)",
    async (arm) => {
      fill(24);
      const arms = await takeAll(arm, 24);
      expect(new Set(arms.slice(0, 12))).toEqual(new Set([arm]));
      expect(arms.slice(12)).not.toContain(arm);
      expect(await chooser.take({ userId: arm, chatlings })).toBeNull();
    },
  );

  test("users of none get any", async () => {
    fill(100);
    expect(new Set(await takeAll("nobody", 20))).toEqual(new Set(["even", "odd"]));
  });

  test("a seat is chosen the same way, within what the user wishes and the caller leaves out", async () => {
    fill(100);
    const request = { userId: "odd", capacity: 5, difficulty: "simple" } as const;
    const fitting = [...pool.iterate({ difficulty: "simple" })].filter(({ id }) => armsOf(id)[0] === "odd");
    for (let i = 0; i < 20; i++) {
      const entry = await chooser.choose(request);
      expect(fitting).toContain(entry);
    }
    const exclude = new Set(fitting.map(({ id }) => id));
    const other = await chooser.choose({ ...request, exclude });
    expect([other?.difficulty, armsOf(other!.id)]).toEqual(["simple", ["even"]]);
  });

  test("the store is asked no more often than without one", async () => {
    fill(200);
    const readsOf = async (userId: string) => {
      const before = ports.views.reads;
      await takeAll(userId, 20);
      return ports.views.reads - before;
    };
    expect(await readsOf("even")).toBe(await readsOf("nobody"));
  });
});

describe("choosing without recording", () => {
  const request = { userId: "u", capacity: 5 };

  test("gives only what the store says is unseen, also when another process recorded it", async () => {
    fill(30);
    const all = [...ports.conversations.records.keys()];
    expect(await chooser.choose(request)).not.toBeNull();
    await see("u", all.slice(1));
    expect((await chooser.choose(request))?.id).toBe(all[0]);
    await see("u", all.slice(0, 1));
    expect(await chooser.choose(request)).toBeNull();
    expect(ports.views.records.size).toBe(30);
  });

  test("leaves out what the caller excludes, and does not remember that as seen", async () => {
    fill(20);
    const exclude = new Set([...ports.conversations.records.keys()].slice(0, 19));
    const [last] = [...ports.conversations.records.keys()].slice(19);
    const only = await chooser.choose({ ...request, exclude });
    expect(only?.id).toBe(last);
    expect(
      await chooser.choose({ ...request, exclude: new Set(ports.conversations.records.keys()) }),
    ).toBeNull();
    expect(await chooser.choose(request)).not.toBeNull();
  });

  test("gives nothing to fewer than two chatlings", async () => {
    fill(20);
    expect(await chooser.choose({ userId: "u", capacity: 1 })).toBeNull();
  });
});
