import { describe, expect, it } from "vitest";
import { viewOf, useLiveHouse } from "./testing/live-house.ts";
import { sampleConversation } from "./testing/sample-conversation.ts";
import type { ChatroomState } from "#schema/chatroom-state.ts";

const openHouse = useLiveHouse();

describe("the server chooses the seat", () => {
  it("never seats a viewer at a conversation that ended for them", async () => {
    const { live } = await openHouse([sampleConversation("a"), sampleConversation("b")]);
    const first = await live.join("ann");
    const { conversationId } = first.room.state;
    await first.room.leave();
    const second = await live.join("ann");
    expect(second.room.state.conversationId).not.toBe(conversationId);
    await second.room.leave();
    await expect(live.join("ann")).rejects.toThrow(/^no-conversation: /);
  });

  it("routes by what is on stage now, in several rooms", async () => {
    const { house, live, pass, untilPhase } = await openHouse(
      ["a", "b", "c"].map((id) => sampleConversation(id)),
    );
    const ann = await live.join("ann");
    await pass(15_000, ann);
    house.views.push(viewOf("ben", ann.room.state.conversationId));
    const ben = await live.join("ben");
    const bens = ben.room.state.conversationId;
    expect(ben.room.roomId).not.toBe(ann.room.roomId);
    house.deps.pool.remove(bens);
    await untilPhase(ann, "intermission");
    await untilPhase(ann, "playing");
    expect(ben.room.state.conversationId).toBe(bens);
    house.views.push(viewOf("cleo", bens), viewOf("dan", ann.room.state.conversationId));
    expect((await live.join("cleo")).room.roomId).toBe(ann.room.roomId);
    expect((await live.join("dan")).room.roomId).toBe(ben.room.roomId);
  });

  it("asks whoever comes before the first conversation is written to try again", async () => {
    const { house, live } = await openHouse([]);
    await expect(live.join("ann")).rejects.toThrow(/^unavailable: /);
    house.add(sampleConversation("a"));
    const ann = await live.join("ann");
    expect(ann.room.state.conversationId).toBe("a");
  });

  it("gives a topic or difficulty that is asked for", async () => {
    const { live } = await openHouse([
      sampleConversation("a"),
      sampleConversation("b", { difficulty: "complex", topicId: "tea" }),
      sampleConversation("c", { topicId: "tea" }),
    ]);
    const ann = await live.join("ann", { difficulty: "complex" });
    expect(ann.room.state.conversationId).toBe("b");
    const ben = await live.join("ben", { topicId: "tea", difficulty: "simple" });
    expect(ben.room.state.conversationId).toBe("c");
    await expect(live.join("cleo", { topicId: "coffee" })).rejects.toThrow(/^no-conversation: /);
  });

  it("gives nobody more roles than they have active chatlings", async () => {
    const { live } = await openHouse([sampleConversation("four", { slots: 4 }), sampleConversation("two")]);
    expect((await live.join("ann:3")).room.state.conversationId).toBe("two");
    await expect(live.join("ben:1")).rejects.toThrow(/^too-few-chatlings: /);
  });

  it("refuses a join by id into a conversation the viewer has seen, and admits into another", async () => {
    const { house, live, pass } = await openHouse([sampleConversation("a"), sampleConversation("b")]);
    const ann = await live.join("ann");
    const { roomId, state } = ann.room;
    house.views.push(viewOf("ben", state.conversationId));
    await expect(live.sdk("ben").joinById(roomId)).rejects.toThrow(/^conversation-changed: /);
    const cleo = await live.watch(await live.sdk("cleo").joinById<ChatroomState>(roomId));
    expect(cleo.room.roomId).toBe(roomId);
    await pass(1100, ann, cleo);
    expect(ann.room.state.viewers).toBe(2);
  });

  it("opens no second room for a conversation that has one", async () => {
    const { live } = await openHouse([sampleConversation("a")]);
    await live.join("ann");
    await expect(live.sdk("ben").create("chatroom", {})).rejects.toThrow(/^conversation-changed: /);
  });

  it("answers `next` with a seat elsewhere, keeping the old one until it is taken", async () => {
    const { house, live } = await openHouse([sampleConversation("a"), sampleConversation("b")]);
    const ann = await live.join("ann");
    const first = ann.room.state.conversationId;
    const seat = await ann.room.request("next", {});
    expect(house.views.map(({ conversationId }) => conversationId)).toEqual([first]);
    expect(live.serverRoom(ann.room.roomId).clients).toHaveLength(1);
    const moved = await live.watch(await live.sdk("ann").consumeSeatReservation<ChatroomState>(seat));
    await ann.room.leave();
    expect(moved.room.state.conversationId).not.toBe(first);
    await expect(moved.room.request("next", {})).rejects.toMatchObject({
      reason: { code: "no-conversation" },
    });
    await moved.until(() => moved.all("notice").length === 1);
    expect(house.views).toHaveLength(1);
  });
});
