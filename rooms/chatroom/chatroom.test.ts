import { beforeEach, describe, expect, it } from "vitest";
import { createChatroom, type Chatroom } from "./chatroom.ts";
import { viewOf } from "./testing/live-house.ts";
import { createMemoryHouse, sampleChatlings, type MemoryHouse } from "./testing/memory-house.ts";
import { sampleConversation } from "./testing/sample-conversation.ts";
import { createViewer, type Viewer } from "./viewer.ts";
import type { SeatMessage } from "#schema/chatroom-messages.ts";
import { ChatroomState } from "#schema/chatroom-state.ts";

const first = sampleConversation("first");
const SEAT: SeatMessage = { name: "chatroom", sessionId: "s", roomId: "r" };

let house: MemoryHouse;
let state: ChatroomState;
let room: Chatroom;
let sent: { userId: string; type: string; message: unknown }[];
let changes: { atMs: number; reactions: number; viewers: number }[];
let seats: (SeatMessage | null)[];

beforeEach(() => {
  house = createMemoryHouse([first]);
  state = new ChatroomState();
  sent = [];
  changes = [];
  seats = [];
  room = createChatroom({
    state,
    deps: house.deps,
    wish: {},
    onChange: () =>
      void changes.push({
        atMs: house.clock.nowMs(),
        reactions: state.reactions.get("0:🔥") ?? 0,
        viewers: state.viewers,
      }),
    onProgramme: () => {},
    onError: (method, error) => void house.errors.push({ fields: { error }, message: method }),
    reserveSeat: async () => seats.shift() ?? null,
  });
  room.stage.open(first);
});

function createTestViewer(userId: string, chatlings = 5): Viewer {
  return createViewer(userId, {}, sampleChatlings(userId, chatlings), {
    send: (type, message) => void sent.push({ userId, type, message }),
  });
}

function enter(userId: string, chatlings?: number): Viewer {
  const viewer = createTestViewer(userId, chatlings);
  room.enter(viewer);
  return viewer;
}

const sentTo = (userId: string): string[] =>
  sent.filter((each) => each.userId === userId).map(({ type }) => type);

async function untilPhase(phase: ChatroomState["phase"]): Promise<void> {
  while (state.phase !== phase) await house.clock.advance(500);
}

describe("reactions", () => {
  it("reach the state at most twice a second, all of them", async () => {
    const viewers = Array.from({ length: 40 }, (_, index) => enter(`viewer-${index}`));
    await house.clock.advance(5000);
    changes = [];
    for (const viewer of viewers) {
      expect(room.react(viewer, { order: 0, emoji: "🔥" })).toBe("counted");
      await house.clock.advance(50);
    }
    await house.clock.advance(500);
    const counts = [...new Set(changes.map(({ reactions }) => reactions))];
    expect(state.reactions.get("0:🔥")).toBe(40);
    expect(counts.filter((count) => count > 0).length).toBeLessThanOrEqual(6);
  });

  it("start from nothing with the next conversation, also those not shown yet", async () => {
    house.add(sampleConversation("second"));
    const ann = enter("ann");
    await untilPhase("intermission");
    await house.clock.advance(state.nextAtMs - house.clock.nowMs() - 100);
    room.react(ann, { order: 0, emoji: "🔥" });
    room.react(ann, { order: 1, emoji: "🔥" });
    await house.clock.advance(5000);
    expect(state.conversationId).toBe("second");
    expect(state.reactions.size).toBe(0);
    expect(house.ownReactions.map(({ count }) => count)).toEqual([1, 1]);
  });
});

describe("viewers", () => {
  it("are counted in the state at most twice a second", async () => {
    for (let index = 0; index < 100; index++) {
      enter(`viewer-${index}`);
      await house.clock.advance(10);
    }
    await house.clock.advance(500);
    expect(state.viewers).toBe(100);
    expect(new Set(changes.map(({ viewers }) => viewers)).size).toBeLessThanOrEqual(5);
  });

  it("of a large audience all get their casting and their view, without holding up the room", async () => {
    house.add(sampleConversation("second"));
    for (let index = 0; index < 450; index++) enter(`viewer-${index}`);
    await untilPhase("intermission");
    for (let turn = 0; turn < 10; turn++) await house.clock.advance(0);
    expect(house.views).toHaveLength(450);
    sent = [];
    const castings: number[] = [];
    await house.clock.advance(state.nextAtMs - house.clock.nowMs());
    for (let turn = 0; turn < 10; turn++) {
      castings.push(sent.filter(({ type }) => type === "casting").length);
      await house.clock.advance(0);
    }
    expect(castings[0]).toBeLessThan(450);
    expect(castings.at(-1)).toBe(450);
    expect(house.errors).toEqual([]);
  });

  it("are offered a seat elsewhere when what they have seen is found out late", async () => {
    house.add(sampleConversation("second"));
    let answer = (_ids: string[]): void => {};
    house.deps.views.seenIds = () => new Promise((resolve) => void (answer = resolve));
    enter("ann");
    await untilPhase("intermission");
    seats = [SEAT];
    answer(["second"]);
    await house.clock.advance(0);
    expect(sentTo("ann")).toEqual(["casting", "move"]);
    await untilPhase("playing");
    expect(sentTo("ann")).toEqual(["casting", "move"]);
  });

  it("who come back get the same casting, and a view of what ended while they were away", async () => {
    house.add(sampleConversation("second"));
    const ann = enter("ann");
    enter("ben");
    room.drop(ann);
    await untilPhase("intermission");
    expect(house.views.map(({ userId }) => userId).toSorted()).toEqual(["ann", "ben"]);
    ann.outlet = { send: (type, message) => void sent.push({ userId: "ann", type, message }) };
    room.comeBack(ann);
    const [before, after] = sent.filter(({ userId }) => userId === "ann").map(({ message }) => message);
    expect(after).toEqual(before);
  });

  it("leave one view and their own reactions behind, however they go", async () => {
    const ann = enter("ann");
    await house.clock.advance(5000);
    room.react(ann, { order: 0, emoji: "👏" });
    room.react(ann, { order: 0, emoji: "❤️" });
    seats = [SEAT];
    expect(await room.next(ann)).toEqual(SEAT);
    room.drop(ann);
    await room.leave(ann);
    expect(house.views.map(({ id, cast }) => [id, cast.length])).toEqual([["ann:first", 2]]);
    expect(house.ownReactions).toEqual([{ userId: "ann", chatlingId: expect.any(String), count: 2 }]);
  });

  it("keep their conversation unseen when `next` finds nothing", async () => {
    const ann = enter("ann");
    expect(await room.next(ann)).toBeNull();
    expect(house.views).toEqual([]);
  });

  it("see a new favourite from the next conversation on, and the same cast till then", async () => {
    const ann = enter("ann");
    const cast = ann.cast;
    expect(await room.favorite(ann, { chatlingId: "ann-chatling-4", favorite: true })).toBe(true);
    expect(await room.favorite(ann, { chatlingId: "ben-chatling-4", favorite: true })).toBe(false);
    expect(ann.cast).toBe(cast);
    expect(ann.chatlings[4]?.favorite).toBe(true);
  });
});

describe("an empty room", () => {
  it("sleeps until somebody comes", async () => {
    const ann = enter("ann");
    room.drop(ann);
    await house.clock.advance(1000);
    changes = [];
    await house.clock.advance(600_000);
    expect(changes).toEqual([]);
    room.comeBack(ann);
    expect(state.lines).toHaveLength(5);
  });
});

describe("a conversation taken out of the pool", () => {
  it("is not played next", async () => {
    house.add(sampleConversation("second"));
    enter("ann");
    await untilPhase("intermission");
    expect(room.stage.next?.id).toBe("second");
    house.add(sampleConversation("third"));
    house.deps.pool.remove("second");
    await untilPhase("playing");
    expect(state.conversationId).toBe("third");
  });
});

describe("a view is told of once it is over,", () => {
  it("as whole for who was there at the last line, as part for all others", async () => {
    house.add(sampleConversation("second"));
    const [ann, bob, cy, dan] = [enter("ann"), enter("bob"), enter("cy"), enter("dan")];
    await house.clock.advance(5000);
    await room.leave(bob);
    seats = [SEAT];
    await room.next(cy);
    expect(house.ended).toEqual(["bob: part", "cy: part"]);
    room.drop(dan);
    await untilPhase("intermission");
    await house.clock.advance(0);
    expect(house.ended.slice(2)).toEqual(["ann: whole", "dan: part"]);
    for (const viewer of [ann, cy, dan]) await room.leave(viewer);
    expect(house.ended).toHaveLength(4);
  });

  it("and is none that was noted elsewhere before", async () => {
    const ann = enter("ann");
    await house.clock.advance(5000);
    house.views.push(viewOf("ann", "first"));
    await room.leave(ann);
    expect([house.views.length, house.ended]).toEqual([1, []]);
  });

  it("and is none for who saw no line of it while it played", async () => {
    house.add(sampleConversation("second"), sampleConversation("third"));
    enter("ann");
    await untilPhase("intermission");
    const [late, early] = [enter("late"), enter("early")];
    await room.leave(late);
    await untilPhase("playing");
    expect(state.lines).toHaveLength(0);
    await room.leave(early);
    expect(house.views.map(({ userId }) => userId)).toContain("late");
    expect(house.ended).toEqual(["ann: whole"]);
  });
});

describe("what is told of an audience", () => {
  it("is who came and went, and how many saw a conversation from its first line to its last", async () => {
    house.add(sampleConversation("second"));
    const [ann, bob] = [enter("ann"), enter("bob")];
    await house.clock.advance(10_000);
    const cy = enter("cy");
    expect(state.lines.length).toBeGreaterThan(0);
    room.react(ann, { order: 0, emoji: "🔥" });
    room.react(ann, { order: 0, emoji: "🔥" });
    await room.leave(bob);
    await untilPhase("intermission");
    expect(house.engagement).toEqual([
      "+ann",
      "+bob",
      "+cy",
      "-bob",
      { started: 3, finished: 2, reactions: 1 },
    ]);
    await untilPhase("playing");
    await house.clock.advance(10_000);
    await room.leave(ann);
    room.drop(cy);
    room.close();
    expect(house.engagement.slice(5)).toEqual(["-ann", { started: 2, finished: 0, reactions: 0 }]);
  });

  it("counts one who finds it over when they come, and stays for the rest of it, as having seen it all", async () => {
    const ann = enter("ann");
    await room.leave(ann);
    await house.clock.advance(3_600_000);
    enter("bob");
    expect(state.phase).toBe("intermission");
    expect(house.engagement).toEqual(["+ann", "-ann", "+bob", { started: 2, finished: 1, reactions: 0 }]);
  });
});
