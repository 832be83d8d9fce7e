import { describe, expect, it } from "vitest";
import { viewOf, useLiveHouse } from "./testing/live-house.ts";
import { sampleConversation } from "./testing/sample-conversation.ts";
import type { CastingMessage, SeatMessage } from "#schema/chatroom-messages.ts";
import type { ChatroomState } from "#schema/chatroom-state.ts";
import type { NoticeMessage } from "#schema/notice-message.ts";

const openHouse = useLiveHouse();

describe("watching together", () => {
  it("shows two viewers the same line at the same moment, played by their own chatlings", async () => {
    const { live, pass } = await openHouse([sampleConversation("a")]);
    const ann = await live.join("ann");
    const ben = await live.join("ben");
    await pass(7000, ann, ben);
    expect(ann.room.state.lines.length).toBeGreaterThan(0);
    expect(ben.room.state.toJSON()).toEqual(ann.room.state.toJSON());
    for (const [viewer, name] of [
      [ann, "ann"],
      [ben, "ben"],
    ] as const) {
      const [casting] = viewer.all<CastingMessage>("casting");
      expect(casting?.conversationId).toBe("a");
      expect(casting?.cast.map(({ slot }) => slot)).toEqual([0, 1]);
      expect(casting?.cast.every(({ chatlingId }) => chatlingId.startsWith(`${name}-`))).toBe(true);
    }
  });

  it("lets a late joiner land at the same line", async () => {
    const { live, pass } = await openHouse([sampleConversation("a", { lines: 8 })]);
    const ann = await live.join("ann");
    await pass(12_345, ann);
    const ben = await live.join("ben");
    expect(ben.room.roomId).toBe(ann.room.roomId);
    await pass(600, ann, ben);
    expect(ben.room.state.lines.length).toBeGreaterThan(2);
    expect(ben.room.state.toJSON()).toEqual(ann.room.state.toJSON());
  });

  it("brings a dropped viewer back to the same seat, cast and line", async () => {
    const { live, pass } = await openHouse([sampleConversation("a", { lines: 8 })]);
    const ann = await live.join("ann");
    const ben = await live.join("ben");
    await pass(6000, ann, ben);
    const { sessionId } = ann.room;
    const before = ann.all<CastingMessage>("casting");
    live.breakConnection(ann);
    await pass(6000, ben);
    await ann.until(() => ann.all("casting").length === 2);
    await pass(1000, ann, ben);
    expect(ann.room.sessionId).toBe(sessionId);
    expect(ann.all("casting")[1]).toEqual(before[0]);
    expect(ann.room.state.lines.length).toBeGreaterThan(3);
  });

  it("leaves nothing of the old conversation with a viewer who was away when it changed", async () => {
    const { live, pass, untilPhase } = await openHouse([
      sampleConversation("a", { lines: 8 }),
      sampleConversation("b", { lines: 8 }),
    ]);
    const ann = await live.join("ann");
    const ben = await live.join("ben");
    const first = ann.room.state.conversationId;
    ann.room.send("react", { order: 0, emoji: "🔥" });
    await pass(5000, ann, ben);
    ann.room.send("react", { order: 0, emoji: "🔥" });
    await ben.until(() => ben.room.state.reactions.size > 0);
    await untilPhase(ben, "intermission");
    await pass(1, ann);
    Object.assign(ann.room.reconnection, { minDelay: 400, maxDelay: 400, delay: 400 });
    live.breakConnection(ann);
    while (ben.room.state.conversationId === first || ben.room.state.lines.length < 2) await pass(500, ben);
    await ann.until(() => ann.all("casting").length === 2);
    await pass(600, ann, ben);
    expect(ann.room.state.lines.length).toBeLessThan(8);
    expect(ann.room.state.toJSON()).toEqual(ben.room.state.toJSON());
  });

  it("takes a viewer back whose old socket still looks alive", async () => {
    const { live, pass } = await openHouse([sampleConversation("a", { lines: 8 })]);
    const ann = await live.join("ann");
    await pass(6000, ann);
    const again = await live.watch(
      await live.sdk("ann").reconnect<ChatroomState>(ann.room.reconnectionToken),
    );
    await pass(1000, again);
    expect(again.room.sessionId).toBe(ann.room.sessionId);
  });

  it("closes when the last viewer has left", async () => {
    const { live } = await openHouse([sampleConversation("a")]);
    const ann = await live.join("ann");
    const ben = await live.join("ben");
    await ann.room.leave();
    expect(await live.rooms()).toHaveLength(1);
    await ben.room.leave();
    expect(await live.rooms()).toHaveLength(0);
  });

  it("seats a crowd that comes at once in one room", async () => {
    const many = Array.from({ length: 50 }, (_, index) => sampleConversation(`c${index}`));
    const { live } = await openHouse(many);
    const names = Array.from({ length: 30 }, (_, index) => `viewer-${index}`);
    const viewers = await Promise.all(names.map((name) => live.join(name)));
    expect(new Set(viewers.map(({ room }) => room.roomId)).size).toBe(1);
  });
});

describe("a conversation's end", () => {
  it("is recorded for everybody, and the next conversation comes with a new casting", async () => {
    const { house, live, pass, untilPhase } = await openHouse([
      sampleConversation("a"),
      sampleConversation("b", { slots: 3 }),
    ]);
    const ann = await live.join("ann");
    const ben = await live.join("ben");
    const first = ann.room.state.conversationId;
    expect(house.views).toHaveLength(0);
    await untilPhase(ann, "intermission");
    expect(house.views.map(({ userId, conversationId }) => [userId, conversationId])).toEqual([
      ["ann", first],
      ["ben", first],
    ]);
    await untilPhase(ann, "playing");
    await pass(1, ann, ben);
    expect(ann.room.state.conversationId).not.toBe(first);
    await ann.until(() => ann.all("casting").length === 2);
    expect(ann.all<CastingMessage>("casting")[1]?.conversationId).toBe(ann.room.state.conversationId);
  });

  it("offers a seat elsewhere to a viewer whom the next conversation does not fit", async () => {
    const { house, live, pass, untilPhase } = await openHouse([sampleConversation("two")]);
    const ann = await live.join("ann");
    const cleo = await live.join("cleo");
    const ben = await live.join("ben:2");
    house.add(sampleConversation("five", { slots: 5 }));
    await untilPhase(ann, "intermission");
    house.add(sampleConversation("another-two"));
    house.deps.pool.remove("another-two");
    await pass(1, ann, cleo, ben);
    expect(ann.room.state.nextTopic).toBe("About topic-of-five");
    await ben.until(() => ben.all<NoticeMessage>("notice").length === 1);
    expect(ben.all<NoticeMessage>("notice")[0]?.code).toBe("no-conversation");
    await untilPhase(ann, "playing");
    await ann.until(() => ann.all("casting").length === 2);
    expect(ben.all("casting")).toHaveLength(1);
  });

  it("moves such a viewer to a room with a conversation that does", async () => {
    const { house, live, untilPhase } = await openHouse([
      sampleConversation("two"),
      sampleConversation("small"),
    ]);
    house.views.push(viewOf("ann", "small"), viewOf("cleo", "small"));
    const ann = await live.join("ann");
    const cleo = await live.join("cleo");
    const ben = await live.join("ben:2");
    house.add(sampleConversation("five", { slots: 5 }));
    await untilPhase(ann, "intermission");
    await ben.until(() => ben.all("move").length === 1);
    const [seat] = ben.all<SeatMessage>("move");
    const moved = await live.watch(
      await live.sdk("ben:2").consumeSeatReservation<ChatroomState>(seat as SeatMessage),
    );
    expect(moved.room.roomId).not.toBe(ann.room.roomId);
    expect(moved.room.state.conversationId).toBe("small");
    expect(cleo.all("move")).toHaveLength(0);
  });

  it("tells viewers when nothing is left, and goes on when something comes", async () => {
    const { house, live, untilPhase } = await openHouse([sampleConversation("only")]);
    const ann = await live.join("ann");
    await untilPhase(ann, "intermission");
    await ann.until(() => ann.all("notice").length === 1);
    expect(ann.all<NoticeMessage>("notice")[0]?.code).toBe("no-conversation");
    expect(ann.room.state.nextAtMs).toBe(0);
    house.add(sampleConversation("fresh"));
    await untilPhase(ann, "playing");
    expect(ann.room.state.conversationId).toBe("fresh");
    expect(ann.all("notice")).toHaveLength(1);
  });
});
