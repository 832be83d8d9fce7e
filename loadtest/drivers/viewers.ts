import type { ChatroomState } from "#schema/chatroom-state.ts";
import { createClient } from "#client-sdk/create-client.ts";
import { createMemoryTokenStore } from "#client-sdk/token-store.ts";
import { percentile } from "../statistics.ts";
import { emit, serveCalls } from "../process/serve-calls.ts";
import { inParallel } from "./in-parallel.ts";
import { createDoor, type Seat } from "./join-room.ts";
import { recordFrames, type Frame } from "./record-frames.ts";
import { watchLines, type LineWatch } from "./watch-lines.ts";

/** A process full of viewers: each one joins, decodes everything, and is compared with the others. */

export interface JoinRequest {
  readonly url: string;
  readonly kind: "chatroom" | "bare";
  /** One viewer each; a bare room takes them for what they are, a number. */
  readonly tokens: readonly string[];
  /** Joins under way at one time. */
  readonly width: number;
}

export interface Joined {
  /** Time from asking for a seat to having state and cast. */
  readonly p50Ms: number;
  readonly p99Ms: number;
}

export interface Watched {
  /** From each line's due time until a viewer had decoded it, one per viewer and line. */
  readonly latenciesMs: readonly number[];
  readonly misled: number;
  /** Whatever the SDK complained about since the start: a torn patch shows here. */
  readonly complaints: number;
  readonly lost: number;
}

const seats: Seat[] = [];
let watch: LineWatch | undefined;
let frames: Frame[] = [];
let complaints = 0;
let lost = 0;
let paused = -1;

const complain = (text: string): void => {
  if (complaints++ < 3) process.stderr.write(`driver: ${text}\n`);
};
process.on("uncaughtException", (error) => complain(error.stack ?? error.message));
console.warn = (...parts: unknown[]) => complain(parts.join(" "));
console.error = (...parts: unknown[]) => complain(parts.join(" "));

async function join({ url, kind, tokens, width }: JoinRequest): Promise<Joined> {
  const door = createDoor(url);
  const taken = await inParallel(tokens, width, async (token) => {
    const startedAt = performance.now();
    const seat = await door(kind, kind === "chatroom" ? token : undefined, kind === "chatroom");
    seats.push(seat);
    return performance.now() - startedAt;
  });
  return { p50Ms: percentile(taken, 0.5), p99Ms: percentile(taken, 0.99) };
}

/** Those who sit in another room than most leave it and come in again, until all sit together. */
async function gather({ url, kind, tokens, width }: JoinRequest): Promise<string> {
  for (let attempt = 0; attempt < 60; attempt++) {
    const byRoom = Map.groupBy(seats, ({ room }) => room.roomId);
    const [fullest] = [...byRoom].sort((a, b) => b[1].length - a[1].length);
    if (!fullest || byRoom.size === 1) return fullest?.[0] ?? "";
    const astray = seats.map((_, index) => index).filter((index) => seats[index]?.room.roomId !== fullest[0]);
    const door = createDoor(url);
    await inParallel(astray, width, async (index) => {
      await seats[index]?.room.leave();
      seats[index] = await door(kind, tokens[index], true);
    });
  }
  throw new Error("the viewers do not come together in one room");
}

/** Begins to follow all viewers; the first one's raw frames are noted. */
function startWatching(): void {
  watch = watchLines(seats.length, (line) => emit("line", line));
  for (const [index, { room }] of seats.entries()) {
    const see = (state: ChatroomState): void => watch?.see(index, state);
    room.onStateChange(see);
    room.onLeave(() => {
      if (index !== paused) lost++;
    });
    see(room.state);
  }
  const [first] = seats;
  if (first) frames = recordFrames(first.socket);
}

function takeWatched(): Watched {
  return {
    latenciesMs: watch?.takeLatencies() ?? [],
    misled: watch?.takeMisled() ?? 0,
    complaints,
    lost,
  };
}

function takeFrames({ fromMs, toMs }: { fromMs: number; toMs: number }): Frame[] {
  return frames.filter(({ atMs }) => atMs > fromMs && atMs <= toMs);
}

/** Stops reading one viewer's socket; tells once the room has one viewer less. */
function pauseViewer(index: number): void {
  const before = seats.length;
  const startedAt = performance.now();
  paused = index;
  watch?.ignore();
  seats[index]?.socket.pause();
  const timer = setInterval(() => {
    if ((seats[0]?.room.state.viewers ?? before) >= before) return;
    clearInterval(timer);
    emit("dropped", performance.now() - startedAt);
  }, 50);
}

async function leave(): Promise<void> {
  watch = undefined;
  const leaving = seats.splice(0);
  await inParallel(leaving, 100, async ({ room }, index) => {
    if (index !== paused) await room.leave();
  });
  paused = -1;
}

async function makeGuests({ url, count }: { url: string; count: number }): Promise<string[]> {
  return inParallel(Array.from({ length: count }), 16, async () => {
    const tokenStore = createMemoryTokenStore();
    await createClient({ url, tokenStore }).auth.guest();
    return String(await tokenStore.read());
  });
}

serveCalls({
  makeGuests,
  join,
  gather,
  startWatching,
  takeWatched,
  takeFrames,
  pauseViewer,
  leave,
  viewers: () => seats.length,
  /** The first viewer's state as plain data. */
  state: () => seats[0]?.room.state.toJSON(),
});
