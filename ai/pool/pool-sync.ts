import { setImmediate as nextTurn } from "node:timers/promises";
import type { PoolEntry } from "#schema/stored/conversation.ts";
import type { Clock } from "../clock.ts";
import { toPoolEntry, type ActivePool } from "./active-pool.ts";
import { BATCHES_KEPT, HOUR_MS } from "./batch-hours.ts";
import { createOutage } from "./outage.ts";
import type { PoolLog } from "./pool-log.ts";
import type { ConversationFeed } from "./ports.ts";
import type { ViewExchange } from "./view-exchange.ts";

export interface PoolSyncDeps {
  readonly pool: ActivePool;
  readonly conversations: ConversationFeed;
  readonly exchange: ViewExchange;
  readonly clock: Clock;
  readonly log: PoolLog;
  readonly pollMs?: number;
}

export interface PoolSync {
  /** Loads all active entries, then follows the store. @throws what the store throws while loading. */
  start(): Promise<void>;
  /** Entries this process stored itself: they are there at once. */
  notify(entries: readonly PoolEntry[]): void;
  /** A conversation this process removed itself. */
  noteRemoved(conversationId: string): void;
  /** Stops following and reports the last views. */
  stop(): Promise<void>;
}

const POLL_MS = 3000;
/** Processes' clocks differ a little, and writes overtake each other: what is this old is read again. */
const OVERLAP_MS = 5000;
/** Once nothing new came for this long, nothing older than the newest will come, and re-reading ends. */
const OVERLAP_FOR_MS = 15_000;
const PAGE = 500;
/** Views are counted all the time and nobody waits for their number. */
const EXCHANGE_EVERY_MS = 60_000;
/** Entries added in one go while loading, so that nothing waits for long. */
const LOAD_STRIDE = 200;
const TOMBSTONE_LIFE_MS = (BATCHES_KEPT + 1) * HOUR_MS;

/** Keeps this process's pool like the store's: new entries by creation time, removals by tombstone, expiry. */
export function createPoolSync(deps: PoolSyncDeps): PoolSync {
  const { pool, conversations, exchange, clock, log, pollMs = POLL_MS } = deps;
  /** Removed conversations → when; a re-read of the overlap must not bring them back. */
  const removed = new Map<string, number>();
  /** Newest creation time seen, and when it was seen. By the entries' own times, as clocks differ. */
  let cursorMs = 0;
  let advancedAtMs = 0;
  let tombstoneCursorMs = 0;
  let cancel: (() => void) | undefined;
  let cancelExchange: (() => void) | undefined;
  let exchanging = Promise.resolve();
  let stopped = false;
  const exchangeOutage = createOutage(
    (error) => log.warn({ error }, "cannot exchange views; trying on"),
    () => log.info({}, "exchanging views again"),
  );
  const pollOutage = createOutage(
    (error) => log.warn({ error }, "cannot follow the pool; trying on"),
    () => log.info({}, "following the pool again"),
  );

  function advance(createdAtMs: number): void {
    if (createdAtMs <= cursorMs) return;
    cursorMs = createdAtMs;
    advancedAtMs = clock.nowMs();
  }

  function add(entry: PoolEntry): void {
    advance(entry.createdAtMs);
    if (entry.expiresAtMs > clock.nowMs() && !removed.has(entry.id)) pool.add(entry);
  }

  function remove(conversationId: string, atMs: number): void {
    removed.set(conversationId, atMs);
    pool.remove(conversationId);
  }

  async function readTombstones(): Promise<void> {
    for (const { conversationId, removedAtMs } of await conversations.tombstonesAfter(
      tombstoneCursorMs - OVERLAP_MS,
    )) {
      tombstoneCursorMs = Math.max(tombstoneCursorMs, removedAtMs);
      remove(conversationId, removedAtMs);
    }
    for (const [id, atMs] of removed) if (atMs < clock.nowMs() - TOMBSTONE_LIFE_MS) removed.delete(id);
  }

  async function readNew(): Promise<void> {
    let fromMs = clock.nowMs() - advancedAtMs < OVERLAP_FOR_MS ? cursorMs - OVERLAP_MS : cursorMs;
    for (;;) {
      const created = await conversations.createdAfter(fromMs, PAGE);
      const unknown = created.filter(({ id }) => pool.get(id) === undefined && !removed.has(id));
      if (unknown.length > 0) {
        const found = await conversations.getMany(unknown.map(({ id }) => id));
        for (const conversation of found) add(toPoolEntry(conversation));
      }
      const lastMs = created.at(-1)?.createdAtMs ?? fromMs;
      advance(lastMs);
      // A page that does not get past one moment would come again and again.
      if (created.length < PAGE || lastMs <= fromMs) return;
      fromMs = lastMs;
      await nextTurn();
    }
  }

  async function exchangeViews(): Promise<void> {
    try {
      await exchange.report();
      await exchange.learn();
      exchangeOutage.ended();
    } catch (error) {
      exchangeOutage.began(error);
    }
    exchangeLater();
  }

  function exchangeLater(): void {
    if (stopped) return;
    cancelExchange = clock.after(EXCHANGE_EVERY_MS, () => {
      exchanging = exchangeViews();
    });
  }

  async function poll(): Promise<void> {
    pool.expire(clock.nowMs());
    try {
      await readTombstones();
      await readNew();
      pollOutage.ended();
    } catch (error) {
      pollOutage.began(error);
    }
    if (!stopped) cancel = clock.after(pollMs, () => void poll());
  }

  return {
    async start() {
      const nowMs = clock.nowMs();
      tombstoneCursorMs = nowMs - TOMBSTONE_LIFE_MS;
      await readTombstones();
      let loaded = 0;
      for await (const entry of conversations.iterateActiveEntries(nowMs)) {
        add(entry);
        if (++loaded % LOAD_STRIDE === 0) await nextTurn();
      }
      await exchange.learn();
      exchangeLater();
      if (!stopped) cancel = clock.after(pollMs, () => void poll());
    },
    notify(entries) {
      for (const entry of entries) add(entry);
    },
    noteRemoved: (conversationId) => remove(conversationId, clock.nowMs()),
    async stop() {
      stopped = true;
      cancel?.();
      cancelExchange?.();
      await exchanging;
      try {
        await exchange.report();
      } catch (error) {
        log.warn({ error }, "the last views could not be reported");
      }
    },
  };
}
