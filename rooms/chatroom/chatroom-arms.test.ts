import { expect, it } from "vitest";
import { useLiveHouse } from "./testing/live-house.ts";
import { sampleConversation } from "./testing/sample-conversation.ts";

const openHouse = useLiveHouse();
const conversations = ["a1", "a2", "b1", "b2", "b3"].map((id) => sampleConversation(id));

// Everybody and every conversation is of the arm that their name begins with.

it("viewers come into rooms of their arm, and each arm opens one of its own", async () => {
  const { live } = await openHouse(conversations, { byArms: true });
  const ann = await live.join("ann");
  const ben = await live.join("ben");
  expect(ann.room.state.conversationId).toMatch(/^a/);
  expect(ben.room.state.conversationId).toMatch(/^b/);
  expect((await live.join("abe")).room.roomId).toBe(ann.room.roomId);
  expect((await live.join("bob")).room.roomId).toBe(ben.room.roomId);
});

it("a crowd of two arms that comes at once shares two rooms", async () => {
  const { house, live } = await openHouse(conversations, { byArms: true });
  // All of them are at the door before the first one's conversation is chosen.
  const choose = house.deps.chooser.choose.bind(house.deps.chooser);
  const { promise: allAsked, resolve } = Promise.withResolvers<void>();
  let asked = 0;
  house.deps.chooser.choose = async (request) => {
    if (++asked === 30) resolve();
    await allAsked;
    return choose(request);
  };
  const names = Array.from({ length: 30 }, (_, nth) => `${nth % 2 ? "a" : "b"}-${nth}`);
  const viewers = await Promise.all(names.map((name) => live.join(name)));
  expect(await live.rooms()).toHaveLength(2);
  for (const [nth, { room }] of viewers.entries()) expect(room.state.conversationId[0]).toBe(names[nth]?.[0]);
});

it("a viewer for whose arm nothing is left comes into company rather than alone", async () => {
  const { live } = await openHouse(conversations, { byArms: true });
  const ann = await live.join("ann");
  expect((await live.join("cleo")).room.roomId).toBe(ann.room.roomId);
});

it("without company they get a room with something else", async () => {
  const { live } = await openHouse(conversations, { byArms: true });
  expect((await live.join("cleo")).room.state.conversationId).not.toBe("");
});

it("a room goes on in its arm, in others while nothing of it is left, and comes back to it", async () => {
  const { house, live, untilPhase } = await openHouse(conversations, { byArms: true });
  const ann = await live.join("ann");
  const shown = [ann.room.state.conversationId];
  for (let nth = 0; nth < 3; nth++) {
    await untilPhase(ann, "intermission");
    await untilPhase(ann, "playing");
    shown.push(ann.room.state.conversationId);
    if (nth === 1) house.add(sampleConversation("a3"));
  }
  expect(shown.map((id) => id[0])).toEqual(["a", "a", "b", "a"]);
});

it("while no experiment is on, everybody shares a room", async () => {
  const { live } = await openHouse(conversations);
  for (const name of ["ann", "ben", "cleo"]) await live.join(name);
  expect(await live.rooms()).toHaveLength(1);
});
