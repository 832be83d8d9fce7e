import { matchMaker } from "@colyseus/core";
import { expect, it } from "vitest";
import { useLiveHouse, type LiveHouse } from "./testing/live-house.ts";
import type { LiveViewer } from "./testing/live-server.ts";
import { sampleConversation } from "./testing/sample-conversation.ts";
import type { SeatMessage } from "#schema/chatroom-messages.ts";
import type { ChatroomState } from "#schema/chatroom-state.ts";

const openHouse = useLiveHouse();
const shared = ["a", "b", "c", "d"].map((id) => sampleConversation(id));
const isUnique = (userId: string): boolean => userId.startsWith("uma");

const idOf = ({ room }: LiveViewer): string => room.state.conversationId;

async function follow({ live }: LiveHouse, token: string, viewer: LiveViewer): Promise<LiveViewer> {
  await viewer.until(() => viewer.all("move").length === 1);
  const [seat] = viewer.all<SeatMessage>("move");
  return live.watch(await live.sdk(token).consumeSeatReservation<ChatroomState>(seat as SeatMessage));
}

/** A viewer who has come into a room of their own. */
async function openOwn() {
  const opened = await openHouse(shared, { isUnique });
  const first = await opened.live.join("uma");
  await first.room.leave();
  return { ...opened, first, uma: await opened.live.join("uma") };
}

it("a viewer of the arm watches a shared conversation until one of their own is there, then is moved to it", async () => {
  const opened = await openHouse(shared, { isUnique });
  const { live, house, untilPhase } = opened;
  const [uma, ben] = [await live.join("uma"), await live.join("ben")];
  expect(uma.room.roomId).toBe(ben.room.roomId);
  await untilPhase(ben, "intermission");
  const moved = await follow(opened, "uma", uma);
  await uma.room.leave();
  expect(idOf(moved)).toBe("own-uma-0");
  expect(ben.all("move")).toHaveLength(0);
  expect(house.ended.toSorted()).toEqual(["ben: whole", "uma: whole"]);
});

it("they come into a room of their own at once when it is there", async () => {
  const { uma, house } = await openOwn();
  expect(idOf(uma)).toBe("own-uma-0");
  expect(house.errors).toEqual([]);
});

it("nobody else is seated there, finds it, or comes in by its id", async () => {
  const { live, uma } = await openOwn();
  const { roomId } = uma.room;
  for (const name of ["ben", "umay"]) {
    const other = await live.join(name);
    expect([other.room.roomId === roomId, idOf(other).startsWith("own-uma-")]).toEqual([false, false]);
    await expect(live.sdk(name).joinById(roomId)).rejects.toThrow(/^conversation-changed: /);
  }
  const listed = await matchMaker.query({ name: "chatroom", private: false });
  expect(listed.map((room) => room.roomId)).not.toContain(roomId);
});

it("nothing is kept ready in mind of a viewer who has left", async () => {
  const { live, house } = await openHouse(shared, { isUnique });
  const uma = await live.join("uma");
  await expect.poll(() => house.deps.unique?.hasOne("uma")).toBe(true);
  await uma.room.leave();
  await expect.poll(() => house.deps.unique?.hasOne("uma")).toBe(false);
});

it("their room goes on with others of their own, and all count as theirs", async () => {
  const { uma, house, untilPhase } = await openOwn();
  // Also when one more is there already.
  house.deps.unique!.hasOne = () => true;
  const shown = [idOf(uma)];
  for (let nth = 0; nth < 2; nth++) {
    await untilPhase(uma, "intermission");
    await untilPhase(uma, "playing");
    shown.push(idOf(uma));
  }
  expect(shown).toEqual(["own-uma-0", "own-uma-1", "own-uma-2"]);
  expect(uma.all("move")).toHaveLength(0);
  expect(house.views.map(({ conversationId }) => conversationId).slice(1)).toEqual(shown.slice(0, 2));
  expect(house.ended).toEqual(["uma: part", "uma: whole", "uma: whole"]);
});

it("they come to a shared one when the next of their own is not there in time", async () => {
  const opened = await openOwn();
  const { uma, house, untilPhase } = opened;
  house.deps.unique!.take = async () => null;
  await untilPhase(uma, "intermission");
  const moved = await follow(opened, "uma", uma);
  expect(shared.map(({ id }) => id)).toContain(idOf(moved));
});

it("a connection that broke comes back to the same room", async () => {
  const { live, pass, uma } = await openOwn();
  const id = idOf(uma);
  const back = new Promise<void>((resolve) => uma.room.onReconnect(() => resolve()));
  live.breakConnection(uma);
  await back;
  await pass(500, uma);
  expect(idOf(uma)).toBe(id);
});
