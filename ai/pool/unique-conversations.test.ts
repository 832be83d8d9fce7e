import { setImmediate as nextTurn } from "node:timers/promises";
import { beforeEach, describe, expect, it } from "vitest";
import type { StoredConversation } from "#schema/stored/conversation.ts";
import { createFakeClock, type FakeClock } from "../fake-clock.ts";
import { createMemoryLog } from "./memory-ports.ts";
import { createConversation } from "./pool-entry.fixture.ts";
import { createUniqueConversations, type UniqueConversations } from "./unique-conversations.ts";
import { createUniqueRecords } from "./unique-records.fixture.ts";
import type { UniqueWish } from "./unique-writer.ts";

/** A conversation that is being written. */
interface Draft {
  readonly wish: UniqueWish;
  readonly signal: AbortSignal;
  readonly end: (given: StoredConversation | null | Error) => Promise<void>;
}

/** Until all that can be done for now is done. */
async function settled(): Promise<void> {
  for (let turn = 0; turn < 3; turn++) await nextTurn();
}

const wishOf = (userId: string, wish: Partial<UniqueWish> = {}): UniqueWish => ({
  userId,
  capacity: 5,
  ...wish,
});

let clock: FakeClock;
let log: ReturnType<typeof createMemoryLog>;
let store: ReturnType<typeof createUniqueRecords>;
let drafts: Draft[];
let unique: UniqueConversations;

beforeEach(() => {
  clock = createFakeClock(Date.UTC(2026, 0, 1));
  log = createMemoryLog();
  store = createUniqueRecords();
  // What the test before has left behind goes on in its own list.
  const ours: Draft[] = [];
  drafts = ours;
  unique = createUniqueConversations({
    isUnique: (userId) => userId.startsWith("u"),
    records: store,
    write: (wish, signal) =>
      new Promise((resolve, reject) => {
        ours.push({
          wish,
          signal,
          async end(given) {
            if (given instanceof Error) reject(given);
            else resolve(given);
            await settled();
          },
        });
      }),
    clock,
    log,
  });
});

const conversationOf = (id: string, change: Partial<StoredConversation> = {}): StoredConversation =>
  createConversation("2026-01-01T00", 0, undefined, { id, participantCount: 2, ...change });

async function enter(...userIds: string[]): Promise<void> {
  for (const userId of userIds) unique.enter(wishOf(userId));
  await settled();
}

const writtenFor = (): string[] => drafts.map(({ wish }) => wish.userId);

describe("a conversation for one user alone", () => {
  it("is written when they sit down, given once, and the next one is begun then", async () => {
    await enter("u1");
    expect([writtenFor(), unique.hasOne("u1")]).toEqual([["u1"], false]);
    expect(await unique.take(wishOf("u1"))).toBeNull();
    await drafts[0]?.end(conversationOf("c1"));
    expect(unique.hasOne("u1")).toBe(true);
    const given = await Promise.all(Array.from({ length: 5 }, () => unique.take(wishOf("u1"))));
    expect(given.map((each) => each?.id)).toEqual(["c1", undefined, undefined, undefined, undefined]);
    await settled();
    expect([writtenFor(), unique.hasOne("u1")]).toEqual([["u1", "u1"], false]);
    expect(store.records.get("c1")).toMatchObject({ userId: "u1", isGiven: true });
  });

  it("is never written for, or given to, those who watch shared ones", async () => {
    await enter("shared");
    expect(await unique.take(wishOf("shared"))).toBeNull();
    unique.leave("shared");
    expect(writtenFor()).toEqual([]);
  });

  it("is nobody else's", async () => {
    await enter("u1");
    await drafts[0]?.end(conversationOf("c1"));
    expect(await unique.take(wishOf("u2"))).toBeNull();
    expect((await unique.take(wishOf("u1")))?.id).toBe("c1");
  });

  it("of before a restart is not written again", async () => {
    await store.insert({ ...conversationOf("c0"), userId: "u1", isGiven: false });
    await enter("u1");
    expect([writtenFor(), unique.hasOne("u1")]).toEqual([[], true]);
  });

  it("waits for a wish that it is for, and another one is written for other wishes", async () => {
    await store.insert({ ...conversationOf("c0", { difficulty: "simple" }), userId: "u1", isGiven: false });
    expect(await unique.take(wishOf("u1", { difficulty: "complex" }))).toBeNull();
    await settled();
    expect(drafts.map(({ wish }) => wish.difficulty)).toEqual(["complex"]);
    expect(await unique.take(wishOf("u1", { topicId: "other" }))).toBeNull();
    expect(await unique.take(wishOf("u1", { capacity: 1 }))).toBeNull();
    expect((await unique.take(wishOf("u1", { difficulty: "simple" })))?.id).toBe("c0");
  });
});

describe("the writing", () => {
  it("is one at a time for a user and four at once in all", async () => {
    await enter("u1", "u2", "u1", "u3", "u4", "u5", "u6");
    expect(writtenFor()).toEqual(["u1", "u2", "u3", "u4"]);
    await drafts[1]?.end(conversationOf("c2"));
    expect(writtenFor()).toEqual(["u1", "u2", "u3", "u4", "u5"]);
  });

  it("is not begun for who has left meanwhile, by their last seat", async () => {
    await enter("u1", "u2", "u3", "u4", "u5", "u6", "u6");
    unique.leave("u5");
    unique.leave("u6");
    for (const draft of drafts.slice()) await draft.end(null);
    expect(writtenFor().slice(4)).toEqual(["u6"]);
    unique.leave("u6");
    await drafts[4]?.end(conversationOf("c6"));
    expect(unique.hasOne("u6")).toBe(false);
    expect((await unique.take(wishOf("u6")))?.id).toBe("c6");
  });

  it("is not begun for who asked without a seat and had to wait for a minute", async () => {
    await enter("u1", "u2", "u3", "u4");
    await unique.take(wishOf("u5"));
    await clock.advance(59_000);
    await unique.take(wishOf("u6"));
    await clock.advance(2000);
    for (const draft of drafts.slice()) await draft.end(null);
    expect(writtenFor().slice(4)).toEqual(["u6"]);
  });

  it("that fails is told of without naming anybody, and tried again when there is a reason", async () => {
    await enter("u1");
    await drafts[0]?.end(new Error("the store is away"));
    expect(log.lines.map(({ level }) => level)).toEqual(["warn"]);
    expect(JSON.stringify(log.lines)).not.toContain("u1");
    await unique.take(wishOf("u1"));
    await settled();
    expect(writtenFor()).toEqual(["u1", "u1"]);
  });

  it("ends for a user who was erased, and nothing of it is kept", async () => {
    await enter("u1");
    unique.forget("u1");
    expect(drafts[0]?.signal.aborted).toBe(true);
    await drafts[0]?.end(conversationOf("c1"));
    expect([store.records.size, unique.hasOne("u1"), log.lines]).toEqual([0, false, []]);
  });

  it("ends when the server stops, and is not begun after that", async () => {
    await enter("u1", "u2", "u3", "u4", "u5");
    const stopped = unique.stop();
    for (const { signal, end } of drafts.slice()) {
      expect(signal.aborted).toBe(true);
      await end(new Error("ended"));
    }
    await stopped;
    await enter("u6");
    expect(writtenFor()).toEqual(["u1", "u2", "u3", "u4"]);
    expect(log.lines).toEqual([]);
  });
});
