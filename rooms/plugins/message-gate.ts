import { getMessageBytes, Protocol, ResponseStatus, type Client } from "@colyseus/core";
import { decode } from "@colyseus/schema";
import { unpack } from "msgpackr";
import type { Clock } from "#ai/clock.ts";
import { sendNotice } from "./notice.ts";
import { createTokenBucket, type TokenBucket } from "./token-bucket.ts";

/** How much a client may send, and how much misuse is borne before its socket is closed. */
export interface GateLimits {
  readonly messagesPerSecond: number;
  readonly messageBurst: number;
  /** Offences (malformed or excess messages) forgiven per second, and how many at once. */
  readonly offencesPerSecond: number;
  readonly offenceBurst: number;
}

/** Every frame a client sends passes here before the room sees it. */
export interface MessageGate {
  /** True when the room may handle the frame; otherwise it was answered here. */
  admit(client: Client, frame: Uint8Array): boolean;
  /** Counts a message that the room itself found wrong, and answers it with a notice. */
  refuse(client: Client, code: string, message: string): void;
}

interface Record {
  readonly allowance: TokenBucket;
  readonly patience: TokenBucket;
  toldAtMs: number;
}

const CODE_MASK = 0x1f;

interface Frame {
  kind: number;
  /** Set for requests, which want a reply. */
  requestId?: number;
}

/** Decodes as far as is needed to know that the room can; throws on anything malformed. */
function readFrame(bytes: Uint8Array): Frame {
  const kind = (bytes[0] ?? 0) & CODE_MASK;
  if (kind !== Protocol.ROOM_DATA && kind !== Protocol.ROOM_REQUEST && kind !== Protocol.ROOM_DATA_BYTES) {
    return { kind };
  }
  const it = { offset: 1 };
  const frame: Frame = { kind };
  if (kind === Protocol.ROOM_REQUEST) frame.requestId = decode.number(bytes, it);
  const type: unknown = decode.stringCheck(bytes, it) ? decode.string(bytes, it) : decode.number(bytes, it);
  if (it.offset > bytes.length || (typeof type !== "string" && typeof type !== "number")) {
    throw new RangeError("truncated frame");
  }
  if (kind !== Protocol.ROOM_DATA_BYTES && bytes.length > it.offset) unpack(bytes.subarray(it.offset));
  return frame;
}

/**
 * Bounds what each client may send. Excess and malformed messages are dropped and answered (a `notice`, or an
 * error reply to a request); only a client that keeps sending them is handed to `expel`. Memory is spent on
 * clients that send, not on those who watch.
 */
export function createMessageGate(
  clock: Clock,
  limits: GateLimits,
  expel: (client: Client) => void,
): MessageGate {
  const records = new WeakMap<Client, Record>();

  function recordOf(client: Client, nowMs: number): Record {
    let record = records.get(client);
    if (!record) {
      record = {
        allowance: createTokenBucket(limits.messagesPerSecond, limits.messageBurst, nowMs),
        patience: createTokenBucket(limits.offencesPerSecond, limits.offenceBurst, nowMs),
        toldAtMs: Number.NEGATIVE_INFINITY,
      };
      records.set(client, record);
    }
    return record;
  }

  function offend(client: Client, record: Record, code: string, message: string, nowMs: number): void {
    if (!record.patience.take(nowMs)) {
      expel(client);
      return;
    }
    // A flood is told about once a second; single mistakes are always told.
    if (code === "too-many-messages" && nowMs - record.toldAtMs < 1000) return;
    if (code === "too-many-messages") record.toldAtMs = nowMs;
    sendNotice(client, code, message);
  }

  return {
    admit(client, bytes) {
      const kind = (bytes[0] ?? 0) & CODE_MASK;
      if (kind === Protocol.JOIN_ROOM || kind === Protocol.LEAVE_ROOM) return true;
      const nowMs = clock.nowMs();
      const record = recordOf(client, nowMs);
      let frame: Frame;
      try {
        frame = readFrame(bytes);
      } catch {
        offend(client, record, "bad-message", "that message could not be read", nowMs);
        return false;
      }
      if (record.allowance.take(nowMs)) return true;
      if (frame.requestId !== undefined) {
        const reason = { name: "too-many-messages", message: "too-many-messages: please slow down" };
        client.raw(getMessageBytes[Protocol.ROOM_RESPONSE](frame.requestId, ResponseStatus.ERROR, reason));
      }
      offend(client, record, "too-many-messages", "please slow down", nowMs);
      return false;
    },
    refuse(client, code, message) {
      const nowMs = clock.nowMs();
      offend(client, recordOf(client, nowMs), code, message, nowMs);
    },
  };
}
