import { beforeEach, describe, expect, it } from "vitest";
import { createAttention, type Attention, type Watching } from "./attention.ts";
import { ChatroomState, LineState } from "#schema/chatroom-state.ts";

let state: ChatroomState;
let told: Watching[];
let attention: Attention;

beforeEach(() => {
  state = new ChatroomState();
  state.phase = "playing";
  told = [];
  attention = createAttention(state, (watching) => void told.push(watching));
});

const showLine = (): void => void state.lines.push(new LineState());

function end(present: number): void {
  state.phase = "intermission";
  attention.end(present);
}

describe("the attention of an audience", () => {
  it("is told once for a conversation: who began it, who stayed, how often they reacted", () => {
    attention.open(3, []);
    showLine();
    attention.enter();
    attention.react();
    attention.react();
    attention.leave();
    end(3);
    expect(told).toEqual([{ started: 4, finished: 3, reactions: 2 }]);
  });

  it("leaves out who went before the first line", () => {
    attention.open(2, []);
    attention.leave();
    showLine();
    end(1);
    expect(told).toEqual([{ started: 1, finished: 1, reactions: 0 }]);
  });

  it("counts who comes back once, and only in what they were there for", () => {
    const [here, missing] = [{}, {}];
    attention.open(1, [missing]);
    showLine();
    attention.comeBack(here);
    attention.comeBack(missing);
    attention.comeBack(missing);
    end(2);
    expect(told).toEqual([{ started: 2, finished: 2, reactions: 0 }]);
  });

  it("takes nobody who comes when it is over for a viewer of it", () => {
    attention.open(1, []);
    showLine();
    end(1);
    attention.enter();
    attention.comeBack({});
    attention.leave();
    attention.close();
    expect(told).toEqual([{ started: 1, finished: 1, reactions: 0 }]);
  });

  it("is told as unfinished when the room closes or another conversation begins", () => {
    attention.open(2, []);
    showLine();
    attention.open(1, []);
    attention.close();
    expect(told).toEqual([
      { started: 2, finished: 0, reactions: 0 },
      { started: 1, finished: 0, reactions: 0 },
    ]);
  });
});
