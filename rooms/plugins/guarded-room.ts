import {
  ClientState,
  Room,
  SchemaSerializer,
  type Client,
  type ClientPrivate,
  type ExtractRoomClient,
  type MessageContext,
  type Rejection,
  type RoomException,
  type RoomMethodName,
  type RoomOptions,
  type Serializer,
} from "@colyseus/core";
import type * as z from "zod/mini";
import type { Clock } from "#ai/clock.ts";
import { createMessageGate, type GateLimits, type MessageGate } from "./message-gate.ts";
import { sendNotice } from "./notice.ts";
import type { RoomLog } from "./room-log.ts";
import { SafeSerializer } from "./safe-serializer.ts";
import { sendTogether } from "./shared-frame.ts";

export interface GuardLimits extends GateLimits {
  /** A client with more unsent bytes than this is cut off; it comes back to one fresh full state. */
  readonly maxBacklogBytes: number;
  /** How long a dropped client's seat is kept. */
  readonly reconnectSeconds: number;
}

/** Suits rooms of people who type and click. */
export const DEFAULT_GUARD_LIMITS: GuardLimits = {
  messagesPerSecond: 10,
  messageBurst: 20,
  offencesPerSecond: 5,
  offenceBurst: 100,
  maxBacklogBytes: 1024 * 1024,
  reconnectSeconds: 60,
};

/** What a room hands to its guard. */
export interface RoomGuard {
  /** Names the kind of room in logs. */
  readonly kind: string;
  readonly log: RoomLog;
  readonly clock: Clock;
  readonly limits: GuardLimits;
}

/** Answers a request that was refused; reaches the client as the rejection's reason. */
export interface RefusedRequest {
  readonly code: string;
  readonly message: string;
}

/** Who was given a seat may be on the way; longer than this, nobody who stops a server wants to wait. */
const SEAT_GRACE_MS = 500;
/** Looking at thousands of sockets after every change would cost more than the slowest of them could do harm. */
const SLOW_READERS_EVERY_MS = 500;

/** As core keeps it, privately. */
type ReservedSeat = readonly [options: unknown, auth: unknown, isTaken: boolean, isKept: boolean];

const REFUSED: RefusedRequest = { code: "bad-message", message: "that message has the wrong shape" };
const FAILED: RefusedRequest = { code: "failed", message: "that did not work; please try again" };

/**
 * A room in which no client can harm the process or another client: exceptions are caught and logged, patches
 * cannot tear, slow readers are cut off, messages are counted and checked, and dropped clients may come back.
 * Sub-classes add their messages with `accept` and forward to their domain object.
 */
export abstract class GuardedRoom<T extends RoomOptions = RoomOptions> extends Room<T> {
  protected abstract readonly guard: RoomGuard;
  #lazyGate: MessageGate | null = null;
  readonly #expelled = new WeakSet<Client>();
  #slowReadersDueMs = 0;

  constructor() {
    super();
    // The only place where all frames pass, malformed ones included; core offers no public hook for it.
    const receive = this["_onMessage"].bind(this);
    this["_onMessage"] = (client: ExtractRoomClient<T> & ClientPrivate, frame: Buffer) => {
      if (client.state === ClientState.LEAVING || !this.#gate.admit(client, frame)) return;
      // Who has just come is sent the state and all that was kept for them.
      if (client.state === ClientState.JOINING) sendTogether(client, () => receive(client, frame));
      else receive(client, frame);
    };
    this.onMessage("*", (client: Client, type) => {
      this.#gate.refuse(
        client,
        "bad-message",
        `messages of the type "${String(type).slice(0, 40)}" are not known`,
      );
    });
  }

  get #gate(): MessageGate {
    this.#lazyGate ??= createMessageGate(this.guard.clock, this.guard.limits, (client) => this.expel(client));
    return this.#lazyGate;
  }

  /**
   * A handler for messages of one shape. Anything else is answered (by `notice`, or by rejection when it was a
   * request) and never reaches `handle`; what `handle` returns is the reply.
   */
  protected accept<Schema extends z.ZodMiniType, Reply>(
    schema: Schema,
    handle: (client: ExtractRoomClient<T>, message: z.output<Schema>, ctx: MessageContext) => Reply,
  ) {
    return (
      client: ExtractRoomClient<T>,
      message: z.input<Schema>,
      ctx: MessageContext,
    ): Reply | Rejection<RefusedRequest> | Promise<Awaited<Reply> | Rejection<RefusedRequest>> => {
      const isRequest = ctx.id !== undefined;
      const checked = schema.safeParse(message);
      if (!checked.success) {
        if (isRequest) return ctx.reject(REFUSED);
        this.#gate.refuse(client, REFUSED.code, REFUSED.message);
        return undefined as Reply;
      }
      const fail = (error: unknown): Rejection<RefusedRequest> => {
        this.logFailure("onMessage", error);
        if (!isRequest) sendNotice(client, FAILED.code, FAILED.message);
        return ctx.reject(FAILED);
      };
      try {
        const reply = handle(client, checked.data, ctx);
        return reply instanceof Promise ? reply.catch(fail) : reply;
      } catch (error) {
        return fail(error);
      }
    };
  }

  /** Ends a client's visit for misuse; its seat is not kept. */
  protected expel(client: Client): void {
    if (this.#expelled.has(client)) return;
    this.#expelled.add(client);
    this.guard.log.warn({ room: this.guard.kind, roomId: this.roomId }, "client expelled for misuse");
    this.kickClient(client.sessionId, 4002, "too many bad messages");
  }

  /** Keeps the seat of a client whose connection broke. Sub-classes that override it call it. */
  override onDrop(client: ExtractRoomClient<T>, _code?: number): void {
    // Core also passes 4002 here when a client comes back while its old socket still looks alive, so the code
    // alone cannot tell misuse.
    if (this.#expelled.has(client)) return;
    this.allowReconnection(client, this.guard.limits.reconnectSeconds).catch(() => {
      // Not coming back is no failure; onLeave follows.
    });
  }

  /**
   * Ends the room, after a moment for those who are about to take their seats: they are told like everybody else
   * that the server goes, and come back on their own.
   */
  override onBeforeShutdown(): void {
    if (this.#untakenSeats().length === 0) super.onBeforeShutdown();
    else setTimeout(() => this.#shutDown(), SEAT_GRACE_MS);
  }

  /** Core would keep a room open for as long as a seat in it is reserved, and let in whoever takes it after the end. */
  #shutDown(): void {
    for (const sessionId of this.#untakenSeats()) {
      clearTimeout(this["_reservedSeatTimeouts"][sessionId]);
      delete this["_reservedSeatTimeouts"][sessionId];
      delete this["_reservedSeats"][sessionId];
    }
    clearTimeout(this["_autoDisposeTimeout"]);
    this["_autoDisposeTimeout"] = undefined;
    super.onBeforeShutdown();
  }

  /** By session. Those that are kept for dropped clients are not among them: core gives these up itself. */
  #untakenSeats(): string[] {
    const seats = this["_reservedSeats"] as Record<string, ReservedSeat>;
    return Object.entries(seats)
      .filter(([, [, , isTaken, isKept]]) => !isTaken && !isKept)
      .map(([sessionId]) => sessionId);
  }

  override onUncaughtException(exception: RoomException, method: RoomMethodName): void {
    this.logFailure(method, exception.cause ?? exception);
  }

  protected logFailure(method: string, error: unknown): void {
    this.guard.log.error(
      { room: this.guard.kind, roomId: this.roomId, method, err: error },
      "room method failed",
    );
  }

  override setSerializer(serializer: Serializer<this["state"]>): void {
    super.setSerializer(serializer instanceof SchemaSerializer ? new SafeSerializer() : serializer);
  }

  override broadcastPatch(): boolean {
    const changed = super.broadcastPatch();
    const nowMs = this.guard.clock.nowMs();
    if (nowMs >= this.#slowReadersDueMs) {
      this.#slowReadersDueMs = nowMs + SLOW_READERS_EVERY_MS;
      this.#cutOffSlowReaders();
    }
    return changed;
  }

  #cutOffSlowReaders(): void {
    const limit = this.guard.limits.maxBacklogBytes;
    for (let i = this.clients.length - 1; i >= 0; i--) {
      const client = this.clients[i] as (Client & ClientPrivate) | undefined;
      const socket = client?.ref as { bufferedAmount: number; terminate(): void } | undefined;
      if (!socket || socket.bufferedAmount <= limit) continue;
      this.guard.log.info({ room: this.guard.kind, roomId: this.roomId }, "slow reader cut off");
      socket.terminate();
    }
  }
}
