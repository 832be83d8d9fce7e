import { isTokenRefusal } from "../http/http-client.ts";
import { fromCodedMessage, ParleyError } from "../parley-error.ts";
import type { Timers } from "../timers.ts";
import { backoffMs } from "./backoff.ts";
import type { RoomPort, Seat, SeatReservation, Seats } from "./room-port.ts";

export type Connection = "live" | "reconnecting" | "closed";

/** One seat in a kind of room, kept through lost networks, restarts and changes of room. */
export interface RoomLink {
  readonly connection: Connection;
  /** The room of the seat taken last. */
  readonly roomId: string;
  /** Why the link is closed, where that was not asked for. */
  readonly failure: ParleyError | undefined;
  /** Sends now, or answers false: nothing is queued for later. */
  send(type: string, payload: unknown): boolean;
  request(type: string, payload: unknown): Promise<unknown>;
  /** Takes another seat, then leaves the old one. When the new one is lost the old one stays. */
  move(reservation: SeatReservation): Promise<void>;
  close(): void;
}

export interface RoomLinkDeps {
  seats: Seats;
  kind: string;
  options: object;
  /** Attaches to a room's messages and state: called for the first room and for each that takes its place. */
  bind(room: RoomPort): void;
  /** `connection` has changed. */
  changed(): void;
  timers: Timers;
  random: () => number;
  onWake(run: () => void): () => void;
  signal?: AbortSignal;
}

/** Server is going away (4001), we were asked out (4000) or put out (4002): the old seat cannot be taken again. */
const SEAT_GONE = new Set([4000, 4001, 4002, 4003]);
const SEAT_LOST = new Set(["seat-lost", "conversation-changed"]);
const FIRST_TRIES = 3;
const STEADY_MS = 10_000;
const PING_EVERY_MS = 15_000;
const PONG_WITHIN_MS = 4000;

/** Joins and keeps the seat; rejects when the first join fails. */
export async function openRoomLink(deps: RoomLinkDeps): Promise<RoomLink> {
  const { seats, timers, signal } = deps;
  let connection: Connection = "live";
  let failure: ParleyError | undefined;
  let seat: Seat;
  let liveSinceMs = 0;
  let attempt = 0;
  let retrying = false;
  let cancelTimer = () => {};

  function adopt(next: Seat): void {
    seat = next;
    connection = "live";
    liveSinceMs = timers.nowMs();
    next.room.onLeave((code) => {
      if (seat === next && connection === "live") drop(!SEAT_GONE.has(code));
    });
    next.room.onError(() => undefined);
    deps.bind(next.room);
    watch(PING_EVERY_MS);
    deps.changed();
  }

  /** Asks the server for a sign of life after `delayMs`, again and again: a sleeping laptop gets no close event. */
  function watch(delayMs: number): void {
    cancelTimer();
    cancelTimer = timers.after(delayMs, () => {
      const asked = seat;
      cancelTimer = timers.after(PONG_WITHIN_MS, () => {
        void asked.room.leave(false).catch(() => undefined);
        drop(true);
      });
      asked.room.ping(() => {
        if (seat === asked && connection === "live") watch(PING_EVERY_MS);
      });
    });
  }

  function drop(seatIsHeld: boolean): void {
    if (connection !== "live") return;
    if (timers.nowMs() - liveSinceMs >= STEADY_MS) attempt = 0;
    connection = "reconnecting";
    schedule(seatIsHeld);
    deps.changed();
  }

  function schedule(seatIsHeld: boolean, atLeastMs = 0): void {
    const delayMs = Math.max(atLeastMs, backoffMs(attempt++, deps.random));
    cancelTimer();
    cancelTimer = timers.after(delayMs, () => void retry(seatIsHeld));
    retryNow = () => {
      cancelTimer();
      void retry(seatIsHeld);
    };
  }
  let retryNow = () => {};

  async function retry(seatIsHeld: boolean): Promise<void> {
    if (retrying || connection !== "reconnecting") return;
    retrying = true;
    let held = seatIsHeld;
    try {
      if (held) {
        const { reconnectionToken } = seat.room;
        const token = reconnectionToken.slice(reconnectionToken.indexOf(":") + 1);
        const again = await seats
          .take({ ...seat.reservation, reconnectionToken: token }, signal)
          .catch((error: unknown) => {
            if (error instanceof ParleyError && error.code !== "network") held = false;
            return undefined;
          });
        if (again) return land(again);
      }
      land(await seats.join(deps.kind, deps.options, signal));
    } catch (error) {
      const problem = toProblem(error);
      if (isFinal(problem)) end(problem);
      else if (isReconnecting()) schedule(held, problem.retryAfterMs);
    } finally {
      retrying = false;
    }
  }

  function land(next: Seat): void {
    if (isReconnecting()) adopt(next);
    else void next.room.leave(true).catch(() => undefined);
  }

  // Asked through a function: the value may have changed while something was awaited.
  function isReconnecting(): boolean {
    return connection === "reconnecting";
  }

  function end(problem?: ParleyError): void {
    if (connection === "closed") return;
    connection = "closed";
    failure = problem;
    cancelTimer();
    stopWaking();
    signal?.removeEventListener("abort", close);
    deps.changed();
  }

  function close(): void {
    const wasLive = connection === "live";
    end();
    if (wasLive) void seat.room.leave(true).catch(() => undefined);
  }

  async function move(reservation: SeatReservation): Promise<void> {
    const from = seat;
    const next = await seats.take(reservation, signal);
    if (connection === "closed" || seat !== from) {
      void next.room.leave(true).catch(() => undefined);
      return;
    }
    const wasLive = connection === "live";
    adopt(next);
    if (wasLive) void from.room.leave(true).catch(() => undefined);
  }

  adopt(await joinFirst(deps));
  const stopWaking = deps.onWake(() => {
    if (connection === "reconnecting") retryNow();
    else if (connection === "live") watch(0);
  });
  signal?.addEventListener("abort", close);
  if (signal?.aborted) close();

  return {
    get connection() {
      return connection;
    },
    get roomId() {
      return seat.reservation.roomId;
    },
    get failure() {
      return failure;
    },
    send(type, payload) {
      if (connection !== "live") return false;
      seat.room.send(type, payload);
      return true;
    },
    async request(type, payload) {
      if (connection !== "live") throw new ParleyError("not-connected", "The connection is being restored.");
      try {
        return await seat.room.request(type, payload);
      } catch (error) {
        throw toRequestProblem(error);
      }
    },
    move,
    close,
  };
}

/** A seat that was lost on the way to the room is asked for again at once; any other failure is the caller's. */
async function joinFirst({ seats, kind, options, signal }: RoomLinkDeps): Promise<Seat> {
  for (let tries = 1; ; tries++) {
    try {
      return await seats.join(kind, options, signal);
    } catch (error) {
      const lost = error instanceof ParleyError && SEAT_LOST.has(error.code);
      if (!lost || tries === FIRST_TRIES) throw error;
    }
  }
}

const FINAL = new Set(["aborted", "client-outdated"]);

/** Waiting does not help: a token refused for good, a wish that cannot be met, a server this client does not follow. */
function isFinal(problem: ParleyError): boolean {
  if (FINAL.has(problem.code) || isTokenRefusal(problem)) return true;
  return problem.status !== undefined && problem.status >= 400 && problem.status < 500 && !problem.retryable;
}

function toProblem(error: unknown): ParleyError {
  if (error instanceof ParleyError) return error;
  return new ParleyError("network", "The connection to the room failed.", { cause: error });
}

/** A rejected request carries the server's reason, or a message of the form "code: text". */
function toRequestProblem(error: unknown): ParleyError {
  const { reason, message } = (error ?? {}) as { reason?: unknown; message?: unknown };
  if (typeof reason === "object" && reason !== null) {
    const { code, message: text } = reason as { code?: unknown; message?: unknown };
    if (typeof code === "string") return new ParleyError(code, typeof text === "string" ? text : code);
  }
  const text = typeof reason === "string" ? reason : typeof message === "string" ? message : "";
  return fromCodedMessage(text === "" ? "The server refused." : text, "refused");
}
