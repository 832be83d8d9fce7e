import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { openLiveServer, type LiveServer, type LiveViewer } from "./testing/live-server.ts";
import { createMemoryHouse, type MemoryHouse } from "./testing/memory-house.ts";
import { sampleConversation } from "./testing/sample-conversation.ts";
import type { NoticeMessage } from "#schema/notice-message.ts";

let house: MemoryHouse;
let live: LiveServer;
let ann: LiveViewer;
let ben: LiveViewer;

beforeEach(async () => {
  house = createMemoryHouse([sampleConversation("a", { lines: 20 })]);
  live = await openLiveServer(house.deps);
  ann = await live.join("ann");
  ben = await live.join("ben");
  await house.clock.advance(7000);
  for (const viewer of [ann, ben]) await viewer.until(() => viewer.room.state.lines.length > 0);
});

afterEach(() => live.close());

const codes = (viewer: LiveViewer): string[] => viewer.all<NoticeMessage>("notice").map(({ code }) => code);

/** The room plays on for the others, and the viewer's socket is open. */
async function expectUnharmed(viewer: LiveViewer): Promise<void> {
  const lines = ben.room.state.lines.length;
  await house.clock.advance(7000);
  for (const each of [viewer, ben]) await each.until(() => each.room.state.lines.length > lines);
  expect(viewer.room.connection.isOpen).toBe(true);
  expect(codes(ben)).toEqual([]);
}

describe("reactions and favourites", () => {
  it("count a reaction once per viewer, and credit the chatling when the conversation leaves the stage", async () => {
    for (const viewer of [ann, ann, ben]) viewer.room.send("react", { order: 0, emoji: "🔥" });
    while (ben.room.state.reactions.get("0:🔥") !== 2) await house.clock.advance(100);
    await ann.room.leave();
    const cast = ann.all<{ cast: { slot: number; chatlingId: string }[] }>("casting")[0]?.cast;
    expect(house.ownReactions).toEqual([
      { userId: "ann", chatlingId: cast?.find(({ slot }) => slot === 0)?.chatlingId, count: 1 },
    ]);
  });

  it("refuse a line that has not been said", async () => {
    ann.room.send("react", { order: 19, emoji: "🔥" });
    await ann.until(() => codes(ann).length === 1);
    expect(codes(ann)).toEqual(["unknown-line"]);
    await expectUnharmed(ann);
  });

  it("mark own chatlings only", async () => {
    ann.room.send("favorite", { chatlingId: "ben-chatling-0", favorite: true });
    await ann.until(() => codes(ann).length === 1);
    expect(codes(ann)).toEqual(["unknown-chatling"]);
    await ann.room.request("favorite", { chatlingId: "ann-chatling-0", favorite: true });
    expect(house.favorites).toEqual([{ userId: "ann", chatlingId: "ann-chatling-0", favorite: true }]);
  });
});

describe("bad messages", () => {
  it.each([
    ["a wrong shape", () => ann.room.send("react", { order: "first", emoji: "🔥" })],
    ["an emoji that is not listed", () => ann.room.send("react", { order: 0, emoji: "🦖" })],
    ["extra fields", () => ann.room.send("react", { order: 0, emoji: "🔥", count: 100 })],
    ["no payload", () => ann.room.send("favorite")],
    ["an unknown type", () => ann.room.send("shout", { text: "hello" })],
    ["a type that every object has", () => ann.room.send("constructor", {})],
    ["a number for a type", () => ann.room.send(7 as never, {})],
    ["bytes where a message is expected", () => ann.room.sendBytes("react", new Uint8Array([1, 2, 3]))],
    [
      "a payload cut short",
      () => ann.room.connection.send(frame(13, 0xa5, ...Buffer.from("react"), 0x82, 0xa5)),
    ],
    ["a type cut short", () => ann.room.connection.send(frame(13, 0xbf, 0x72))],
    ["a frame of nothing but its kind", () => ann.room.connection.send(frame(13))],
    ["nesting without end", () => ann.room.connection.send(frame(13, 0xa1, 0x78, ...nested(3000)))],
  ])("answers %s with a notice and goes on", async (_what, send) => {
    send();
    await ann.until(() => codes(ann).length > 0);
    expect(codes(ann)).toEqual(["bad-message"]);
    await expectUnharmed(ann);
    expect(house.errors).toEqual([]);
  });

  it("answers a request of the wrong shape by rejecting it", async () => {
    await expect(ann.room.request("next", { where: "anywhere" })).rejects.toMatchObject({
      reason: { code: "bad-message" },
    });
    await expect(ann.room.request("shout", {})).rejects.toThrow(/shout/);
    await expectUnharmed(ann);
  });

  it("outlives frames of every kind and any content", async () => {
    for (let kind = 0; kind < 256; kind++) {
      // 12 asks to leave, 22 and above carry nothing.
      if ((kind & 0x1f) === 12) continue;
      ann.room.connection.send(frame(kind, 0xff, 0x00, kind, 0xc1));
      await house.clock.advance(100);
    }
    await expectUnharmed(ann);
    expect(house.errors).toEqual([]);
  });

  it("does not end the process or the room when a port fails", async () => {
    house.deps.setFavorite = async () => {
      throw new Error("the store is away");
    };
    await expect(
      ann.room.request("favorite", { chatlingId: "ann-chatling-0", favorite: true }),
    ).rejects.toMatchObject({ reason: { code: "failed" } });
    ann.room.send("favorite", { chatlingId: "ann-chatling-0", favorite: true });
    await ann.until(() => codes(ann).length === 1);
    expect(codes(ann)).toEqual(["failed"]);
    expect(house.errors.map(({ fields }) => fields["room"])).toEqual(["chatroom", "chatroom"]);
    await expectUnharmed(ann);
  });
});

describe("too many messages", () => {
  it("are dropped and told about once, then messages are heard again", async () => {
    for (let i = 0; i < 60; i++) ann.room.send("react", { order: 0, emoji: "🔥" });
    await ann.until(() => codes(ann).length > 0);
    await expectUnharmed(ann);
    expect(codes(ann)).toEqual(["too-many-messages"]);
    ann.room.send("react", { order: 100, emoji: "🔥" });
    await ann.until(() => codes(ann).length === 2);
    expect(codes(ann)[1]).toBe("unknown-line");
  });

  it("are answered when they are requests", async () => {
    const answers = await Promise.allSettled(
      Array.from({ length: 30 }, () => ann.room.request("favorite", { chatlingId: "none", favorite: true })),
    );
    const refused = answers.filter(({ status }) => status === "rejected");
    expect(refused).toHaveLength(10);
  });

  it("close the socket of who keeps sending them, for good", async () => {
    const left = new Promise<number>((resolve) => {
      ann.room.onLeave((code) => resolve(code));
    });
    for (let i = 0; i < 200; i++) ann.room.send("react", { order: 0, emoji: "🔥" });
    expect(await left).toBe(4002);
    const { reconnectionToken } = ann.room;
    await expect(live.sdk("ann").reconnect(reconnectionToken)).rejects.toThrow(/expired/);
    await expectUnharmed(ben);
  });
});

describe("joins", () => {
  it.each([
    ["unknown options", "cleo", { topic: "tea" }, /^bad-options: /],
    ["a conversation of the client's choice", "cleo", { conversationId: "a" }, /^bad-options: /],
    ["an unknown difficulty", "cleo", { difficulty: "hard" }, /^bad-options: /],
    ["options that are no object", "cleo", ["tea"], /^bad-options: /],
    ["a token nobody owns", "nobody", {}, /^unauthorized: /],
    ["no token", "", {}, /^token-missing: /],
    ["a house in trouble", "broken", {}, /^unavailable: /],
  ])("are refused for %s", async (_what, token, options, message) => {
    await expect(live.join(token, options)).rejects.toThrow(message);
    await expectUnharmed(ann);
  });

  it("are refused without a seat of one's own", async () => {
    await expect(
      live.sdk("cleo").consumeSeatReservation({
        name: "chatroom",
        sessionId: "guessed",
        roomId: ann.room.roomId,
      }),
    ).rejects.toThrow(/seat reservation/);
    await expectUnharmed(ann);
  });
});

function frame(kind: number, ...bytes: number[]): Uint8Array {
  return new Uint8Array([kind, ...bytes]);
}

/** Arrays in arrays, in MessagePack. */
function nested(depth: number): number[] {
  return Array.from<number>({ length: depth }).fill(0x91);
}
