import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { defineRoom, defineServer, matchMaker, type Client } from "@colyseus/core";
import { schema, StateView, t, type SchemaType } from "@colyseus/schema";
import { ColyseusSDK, type Room } from "@colyseus/sdk";
import { WebSocketTransport } from "@colyseus/ws-transport";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { DEFAULT_GUARD_LIMITS, GuardedRoom, type RoomGuard } from "./guarded-room.ts";
import { openSlowLine, type SlowLine } from "./testing/slow-line.ts";
import { systemClock } from "#ai/clock.ts";

const Cell = schema({ text: t.string().default("") }, "Cell");
const Board = schema({ round: t.uint32().default(0), cells: t.array(Cell) }, "Board");
type Board = SchemaType<typeof Board>;
const Secret = schema({ own: t.string().default("").view(), cells: t.array(Cell) }, "Secret");
type Secret = SchemaType<typeof Secret>;

const logged: string[] = [];
const note = (_fields: unknown, message: string): void => void logged.push(message);
const guard: RoomGuard = {
  kind: "board",
  clock: systemClock,
  log: { info: note, warn: note, error: note },
  limits: { ...DEFAULT_GUARD_LIMITS, maxBacklogBytes: 512 * 1024 },
};

const letter = (round: number): string => String.fromCharCode(97 + (round % 26));

/** A room whose every round rewrites some 45 KB. */
class BoardRoom extends GuardedRoom<{ state: Board }> {
  protected override readonly guard = guard;
  override patchRate = null;
  override state = new Board();

  override onCreate(options: { patient?: boolean }): void {
    for (let i = 0; i < 90; i++) this.state.cells.push(new Cell());
    if (options.patient)
      Object.assign(this, { guard: { ...guard, limits: { ...guard.limits, maxBacklogBytes: 1e12 } } });
  }

  playRound(): void {
    this.state.round += 1;
    for (const cell of this.state.cells) cell.text = letter(this.state.round).repeat(500);
    this.broadcastPatch();
  }
}

/** A room where each client has something of its own to see, and everybody much. */
class SecretRoom extends GuardedRoom<{ state: Secret }> {
  protected override readonly guard = guard;
  override state = new Secret();

  override onCreate(): void {
    for (let i = 0; i < 90; i++) this.state.cells.push(new Cell({ text: `${i}:${"x".repeat(500)}` }));
    this.state.own = "whispered";
  }

  override onJoin(client: Client): void {
    client.view = new StateView();
    client.view.add(this.state);
  }
}

class FaultyRoom extends GuardedRoom<{ state: Board }> {
  protected override readonly guard = guard;
  override state = new Board();

  override onCreate(): void {
    this.onMessage("fail", () => {
      throw new Error("sync");
    });
    this.onMessage("failLater", (): unknown => Promise.reject(new Error("async")));
    this.onMessage("failByTimer", () => {
      this.clock.setTimeout(() => {
        throw new Error("timer");
      }, 1);
    });
  }
}

let close: () => Promise<void>;
let sdk: ColyseusSDK;
/** Reaches the server over a line that can be stopped. */
let slowSdk: ColyseusSDK;
let line: SlowLine;

beforeEach(async () => {
  logged.length = 0;
  const http = createServer();
  const server = defineServer({
    rooms: { board: defineRoom(BoardRoom), secret: defineRoom(SecretRoom), faulty: defineRoom(FaultyRoom) },
    transport: new WebSocketTransport({ server: http }),
    gracefullyShutdown: false,
    greet: false,
  });
  await server.listen(0, "127.0.0.1");
  const { port } = http.address() as AddressInfo;
  sdk = new ColyseusSDK(`ws://127.0.0.1:${port}`);
  line = await openSlowLine(port);
  slowSdk = new ColyseusSDK(`ws://127.0.0.1:${line.port}`);
  close = async () => {
    line.close();
    await server.gracefullyShutdown(false);
  };
});

afterEach(() => close());

/** Resolves once the condition holds; looked at on every change that arrives. */
function until(room: Room, condition: () => boolean): Promise<void> {
  return new Promise((resolve) => {
    const check = (): void => {
      if (condition()) resolve();
    };
    room.onStateChange(check);
    room.onReconnect(check);
    room.onMessage("*", check);
    check();
  });
}

const tick = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

describe("a reader that stands still", () => {
  it("gets no torn patches when it reads on", async () => {
    const room = await slowSdk.create<Board>("board", { patient: true });
    const served = matchMaker.getLocalRoomById(room.roomId) as unknown as BoardRoom;
    await until(room, () => room.state?.cells?.length === 90);
    const torn: string[] = [];
    room.onStateChange((state) => {
      const wanted = letter(state.round).repeat(500);
      if (state.round > 0 && state.cells.some(({ text }) => text !== wanted))
        torn.push(`round ${state.round}`);
    });
    line.stop();
    for (let i = 0; i < 200; i++) {
      served.playRound();
      await tick();
    }
    line.go();
    await until(room, () => room.state.round === 200);
    expect(torn).toEqual([]);
  });

  it("is cut off, and comes back to the whole state", async () => {
    const room = await slowSdk.create<Board>("board", {});
    const other = await sdk.joinById<Board>(room.roomId);
    const served = matchMaker.getLocalRoomById(room.roomId) as unknown as BoardRoom;
    await until(room, () => room.state?.cells?.length === 90);
    await until(other, () => other.state?.cells?.length === 90);
    Object.assign(room.reconnection, { minUptime: 0, minDelay: 1, maxDelay: 1, delay: 1 });
    line.stop();
    while (!logged.includes("slow reader cut off")) {
      served.playRound();
      await until(other, () => other.state.round === served.state.round);
    }
    line.go();
    await new Promise<void>((resolve) => {
      room.onReconnect(() => resolve());
    });
    served.playRound();
    await until(room, () => room.state.round === served.state.round);
    expect(room.state.toJSON()).toEqual(served.state.toJSON());
    expect(other.state.toJSON()).toEqual(served.state.toJSON());
  });
});

describe("a state larger than the encoder's buffer", () => {
  it("arrives whole with clients that have a view", async () => {
    const room = await sdk.create<Secret>("secret", {});
    await until(room, () => room.state?.cells?.length === 90);
    expect(room.state.cells.at(89)?.text).toBe(`89:${"x".repeat(500)}`);
    expect(room.state.own).toBe("whispered");
    const second = await sdk.joinById<Secret>(room.roomId);
    await until(second, () => second.state?.cells?.length === 90);
    expect(second.state.toJSON()).toEqual(room.state.toJSON());
  });
});

describe("an exception", () => {
  it.each(["fail", "failLater", "failByTimer"])("in %s is logged and harms nobody", async (type) => {
    const room = await sdk.create<Board>("faulty", {});
    room.send(type, {});
    while (!logged.includes("room method failed")) await tick();
    const answer = new Promise((resolve) => room.ping(resolve));
    await answer;
    expect(room.connection.isOpen).toBe(true);
  });
});
