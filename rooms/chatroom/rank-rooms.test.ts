import { describe, expect, it } from "vitest";
import type { OpenRoom } from "./listing.ts";
import { rankRooms } from "./rank-rooms.ts";

function room(roomId: string, fields: Partial<OpenRoom> = {}): OpenRoom {
  return {
    roomId,
    conversationId: `of-${roomId}`,
    topicId: "",
    topic: "",
    difficulty: "simple",
    slots: 2,
    startedAtMs: 1000,
    endsAtMs: 2000,
    nextId: "",
    nextSlots: 0,
    wish: {},
    viewers: 1,
    ...fields,
  };
}

const rank = (rooms: OpenRoom[], viewer = {}): string[] =>
  rankRooms(rooms, { capacity: 3, wish: {}, ...viewer }, 1500).map(({ roomId }) => roomId);

describe("rooms for a viewer", () => {
  it("are those with few enough roles, opened for what the viewer asks", () => {
    const rooms = [
      room("large", { slots: 4 }),
      room("tea", { wish: { topicId: "tea" } }),
      room("hard-tea", { wish: { topicId: "tea", difficulty: "complex" } }),
      room("any"),
    ];
    expect(rank(rooms)).toEqual(["any"]);
    expect(rank(rooms, { wish: { topicId: "tea" } })).toEqual(["tea"]);
  });

  it("come first when they have company, then when their conversation began lately", () => {
    const rooms = [
      room("old", { startedAtMs: 0 }),
      room("waiting", { startedAtMs: 0, endsAtMs: 0, viewers: 0 }),
      room("fresh", { startedAtMs: 1400 }),
    ];
    expect(rank(rooms)).toEqual(["fresh", "old", "waiting"]);
  });

  it("come last at their last lines", () => {
    const rooms = [room("ending", { endsAtMs: 1510, viewers: 50 }), room("empty", { viewers: 0 })];
    expect(rank(rooms)).toEqual(["empty", "ending"]);
  });

  it("count during an intermission only when the next conversation is known and fits too", () => {
    const over = { endsAtMs: 1400 };
    const rooms = [
      room("unknown", over),
      room("large-next", { ...over, nextId: "x", nextSlots: 4 }),
      room("good", { ...over, nextId: "x", nextSlots: 3 }),
    ];
    expect(rank(rooms)).toEqual(["good"]);
  });
});
