import { beforeEach, describe, expect, it } from "vitest";
import { createChatroom, type Chatroom } from "./chatroom.ts";
import { createMemoryHouse, sampleChatlings, type MemoryHouse } from "./testing/memory-house.ts";
import { sampleConversation } from "./testing/sample-conversation.ts";
import { createViewer, type Viewer } from "./viewer.ts";
import type { CastingMessage, SeatMessage } from "#schema/chatroom-messages.ts";
import { ChatroomState } from "#schema/chatroom-state.ts";

const SEAT: SeatMessage = { name: "chatroom", sessionId: "s", roomId: "r" };

let house: MemoryHouse;
let state: ChatroomState;
let room: Chatroom;
let sent: { userId: string; type: string; message: unknown }[];
let reads: string[];

beforeEach(() => {
  const first = sampleConversation("first");
  house = createMemoryHouse([first]);
  state = new ChatroomState();
  sent = [];
  reads = [];
  const loadCast = house.deps.loadCast.bind(house.deps);
  house.deps.loadCast = (userId) => {
    reads.push(userId);
    return loadCast(userId);
  };
  room = createChatroom({
    state,
    deps: house.deps,
    wish: {},
    onChange: () => {},
    onProgramme: () => {},
    onError: (method, error) => void house.errors.push({ fields: { error }, message: method }),
    reserveSeat: async () => SEAT,
  });
  room.stage.open(first);
});

function enter(userId: string, count = 5): Viewer {
  const viewer = createViewer(userId, {}, sampleChatlings(userId, count), {
    send: (type, message) => void sent.push({ userId, type, message }),
  });
  room.enter(viewer);
  return viewer;
}

const namesOf = (userId: string): string[][] =>
  sent
    .filter((each) => each.userId === userId && each.type === "casting")
    .map(({ message }) => (message as CastingMessage).cast.map(({ name }) => name.split(" ")[0] ?? ""));

const renamed = (userId: string, name: string, count = 5) =>
  sampleChatlings(userId, count).map((chatling) => ({ ...chatling, name: `${name} ${chatling.id}` }));

async function untilPhase(phase: ChatroomState["phase"]): Promise<void> {
  while (state.phase !== phase) await house.clock.advance(500);
}

describe("chatlings that change while their owner watches", () => {
  it("play from the next conversation on, and till then as they were, also for who comes back", async () => {
    house.add(sampleConversation("second"));
    const ann = enter("ann");
    await house.clock.advance(5000);
    house.changeCast("ann", renamed("ann", "Zed"));
    await house.clock.advance(1000);
    const { outlet } = ann;
    room.drop(ann);
    ann.outlet = outlet;
    room.comeBack(ann);
    expect(namesOf("ann")).toEqual([
      ["ann's", "ann's"],
      ["ann's", "ann's"],
    ]);
    await untilPhase("intermission");
    expect(house.views[0]?.cast).toHaveLength(2);
    await untilPhase("playing");
    expect(namesOf("ann").at(-1)).toEqual(["Zed", "Zed"]);
  });

  it("play as they were last, and are read once for changes that come together", async () => {
    house.add(sampleConversation("second"));
    enter("ann");
    for (const name of ["One", "Two", "Three"]) house.changeCast("ann", renamed("ann", name));
    await untilPhase("intermission");
    expect(reads.length).toBeLessThan(3);
    house.changeCast("ann", renamed("ann", "Last"));
    await untilPhase("playing");
    expect(namesOf("ann").at(-1)).toEqual(["Last", "Last"]);
  });

  it("are read for nobody else, and for nobody when nothing changes", async () => {
    house.add(sampleConversation("second"), sampleConversation("third"));
    const [ann] = [enter("ann"), enter("ben")];
    await untilPhase("intermission");
    await untilPhase("playing");
    expect(reads).toEqual([]);
    house.changeCast("ann", renamed("ann", "Zed"));
    await untilPhase("intermission");
    await untilPhase("playing");
    expect(reads).toEqual(["ann"]);
    await room.leave(ann);
    house.changeCast("ann", renamed("ann", "Gone"));
    expect(reads).toEqual(["ann"]);
  });

  it("bring a viewer elsewhere when they have become too few for what comes next", async () => {
    house.add(sampleConversation("second", { slots: 4 }));
    enter("ann");
    enter("ben");
    house.changeCast("ann", sampleChatlings("ann", 2));
    await untilPhase("intermission");
    expect(sent.filter(({ type }) => type === "move").map(({ userId }) => userId)).toEqual(["ann"]);
  });

  it("bring a viewer elsewhere also when they become too few during the intermission", async () => {
    house.add(sampleConversation("second", { slots: 4 }));
    enter("ann");
    await untilPhase("intermission");
    house.changeCast("ann", sampleChatlings("ann", 2));
    await house.clock.advance(0);
    expect(sent.at(-1)).toEqual({ userId: "ann", type: "move", message: SEAT });
  });

  it("let what is chosen next be larger when there are more of them", async () => {
    enter("ann", 2);
    house.add(sampleConversation("second", { slots: 5 }));
    house.changeCast("ann", renamed("ann", "Zed"));
    await untilPhase("intermission");
    await untilPhase("playing");
    expect(namesOf("ann").at(-1)).toHaveLength(5);
  });

  it("are read again at the conversation's end when that failed", async () => {
    house.add(sampleConversation("second"));
    enter("ann");
    const loadCast = house.deps.loadCast.bind(house.deps);
    house.deps.loadCast = () => Promise.reject(new Error("the store is away"));
    house.changeCast("ann", renamed("ann", "Zed"));
    await house.clock.advance(1000);
    expect(house.errors.map(({ message }) => message)).toEqual(["loadCast"]);
    house.deps.loadCast = loadCast;
    await untilPhase("intermission");
    await untilPhase("playing");
    expect(namesOf("ann").at(-1)).toEqual(["Zed", "Zed"]);
  });

  it("can be made favourites as soon as they are there", async () => {
    const ann = enter("ann");
    house.changeCast("ann", sampleChatlings("ann", 6));
    await house.clock.advance(0);
    expect(await room.favorite(ann, { chatlingId: "ann-chatling-5", favorite: true })).toBe(true);
  });
});
