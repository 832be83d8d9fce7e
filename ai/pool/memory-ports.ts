import type { StoredBatch } from "#schema/stored/batch.ts";
import type { PoolEntry, StoredConversation } from "#schema/stored/conversation.ts";
import type { StoredTopic } from "#schema/stored/topic.ts";
import type { StoredView } from "#schema/stored/view.ts";
import type { StoredViewingHour } from "#schema/stored/viewing-hour.ts";
import { toPoolEntry } from "./active-pool.ts";
import type { PoolLog } from "./pool-log.ts";
import type {
  BatchesPort,
  ConversationFeed,
  ConversationReader,
  ConversationWriter,
  Expiring,
  LeasesPort,
  Tombstone,
  TopicsPort,
  ViewCountsPort,
  ViewingHoursPort,
  ViewsPort,
} from "./ports.ts";

type Conversations = ConversationReader & ConversationWriter & ConversationFeed & ViewCountsPort & Expiring;

export interface MemoryPorts {
  readonly conversations: Conversations & {
    readonly records: Map<string, StoredConversation>;
    remove(id: string, nowMs: number): void;
  };
  readonly views: ViewsPort & { readonly records: Map<string, StoredView>; reads: number };
  readonly topics: TopicsPort & { records: StoredTopic[] };
  readonly viewingHours: ViewingHoursPort & { readonly records: Map<string, StoredViewingHour> };
  readonly batches: BatchesPort & { readonly records: Map<string, StoredBatch> };
  readonly leases: LeasesPort & { holder: { owner: string; untilMs: number } | null };
  /** While set, every call rejects with it. */
  failWith: Error | null;
}

/** The pool's ports over plain maps, for tests: what one store shared by several processes would do. */
export function createMemoryPorts(): MemoryPorts {
  const records = new Map<string, StoredConversation>();
  const tombstones: Tombstone[] = [];
  const viewRecords = new Map<string, StoredView>();
  const batchRecords = new Map<string, StoredBatch>();
  const hourRecords = new Map<string, StoredViewingHour>();

  function check(): void {
    if (ports.failWith !== null) throw ports.failWith;
  }

  async function* iterateActiveEntries(nowMs: number): AsyncIterable<PoolEntry> {
    check();
    for (const record of records.values()) if (record.expiresAtMs > nowMs) yield toPoolEntry(record);
  }

  const ports: MemoryPorts = {
    failWith: null,
    conversations: {
      records,
      async get(id) {
        check();
        return records.get(id) ?? null;
      },
      async insertMany(conversations) {
        check();
        const duplicates: string[] = [];
        for (const conversation of conversations) {
          if (records.has(conversation.id)) duplicates.push(conversation.id);
          else records.set(conversation.id, structuredClone(conversation));
        }
        return { inserted: conversations.length - duplicates.length, duplicates };
      },
      async batchSlotsOfHour(hour) {
        check();
        return [...records.values()]
          .map(({ batchSlot }) => batchSlot)
          .filter((slot) => slot.startsWith(hour));
      },
      async tombstonesAfter(sinceMs) {
        check();
        return tombstones.filter(({ removedAtMs }) => removedAtMs > sinceMs);
      },
      iterateActiveEntries,
      async createdAfter(createdAtMs, limit) {
        check();
        return [...records.values()]
          .filter((record) => record.createdAtMs >= createdAtMs)
          .toSorted((a, b) => a.createdAtMs - b.createdAtMs)
          .slice(0, limit)
          .map(({ id, createdAtMs: atMs }) => ({ id, createdAtMs: atMs }));
      },
      async getMany(ids) {
        check();
        return ids.flatMap((id) => records.get(id) ?? []);
      },
      async *iterateViewCounts(nowMs) {
        check();
        for (const { id, expiresAtMs, viewCount } of records.values()) {
          if (expiresAtMs > nowMs) yield { id, viewCount };
        }
      },
      async addViews(counts) {
        check();
        for (const [id, count] of counts) {
          const record = records.get(id);
          if (record) records.set(id, { ...record, viewCount: record.viewCount + count });
        }
      },
      async expire(nowMs) {
        check();
        const over = [...records.values()].filter((record) => record.expiresAtMs <= nowMs);
        for (const { id } of over) records.delete(id);
        return over.length;
      },
      remove(id, nowMs) {
        if (records.delete(id)) tombstones.push({ conversationId: id, removedAtMs: nowMs });
      },
    },
    views: {
      records: viewRecords,
      reads: 0,
      async record(view) {
        check();
        const key = `${view.userId}|${view.conversationId}`;
        if (viewRecords.has(key)) return false;
        viewRecords.set(key, view);
        return true;
      },
      async hasSeen(userId, conversationIds) {
        check();
        ports.views.reads++;
        return new Set(conversationIds.filter((id) => viewRecords.has(`${userId}|${id}`)));
      },
      async recent(userId, limit) {
        check();
        ports.views.reads++;
        const own = [...viewRecords.values()].filter((view) => view.userId === userId);
        return own.toReversed().slice(0, limit);
      },
      async seenIds(userId, sinceMs) {
        check();
        ports.views.reads++;
        return [...viewRecords.values()]
          .filter((view) => view.userId === userId && view.viewedAtMs >= sinceMs)
          .map(({ conversationId }) => conversationId);
      },
    },
    topics: {
      records: [],
      async newestActive(limit) {
        check();
        return ports.topics.records
          .filter(({ active, source }) => active && source !== "starter")
          .toSorted((a, b) => b.createdAtMs - a.createdAtMs)
          .slice(0, limit);
      },
      async activeStarters() {
        check();
        return ports.topics.records.filter(({ active, source }) => active && source === "starter");
      },
    },
    viewingHours: {
      records: hourRecords,
      async keep(hour) {
        check();
        hourRecords.set(hour.id, hour);
      },
      async changedSince(updatedAtMs) {
        check();
        return [...hourRecords.values()].filter((hour) => hour.updatedAtMs >= updatedAtMs);
      },
    },
    batches: {
      records: batchRecords,
      async report(batch) {
        check();
        const old = batchRecords.get(batch.id) ?? { written: 0, failed: 0 };
        const written = old.written + batch.written;
        batchRecords.set(batch.id, { ...batch, written, failed: old.failed + batch.failed });
      },
      async recent(sinceMs) {
        check();
        return [...batchRecords.values()].filter(({ hourStartMs }) => hourStartMs >= sinceMs);
      },
    },
    leases: {
      holder: null,
      async acquire(_name, owner, nowMs, ttlMs) {
        check();
        const { holder } = ports.leases;
        if (holder && holder.owner !== owner && holder.untilMs > nowMs) return false;
        ports.leases.holder = { owner, untilMs: nowMs + ttlMs };
        return true;
      },
      async release(_name, owner) {
        check();
        if (ports.leases.holder?.owner === owner) ports.leases.holder = null;
      },
    },
  };
  return ports;
}

export interface LogLine {
  readonly level: "info" | "warn" | "error";
  readonly message: string;
  readonly fields: Record<string, unknown>;
}

/** A log that keeps its lines. */
export function createMemoryLog(): PoolLog & { readonly lines: LogLine[] } {
  const lines: LogLine[] = [];
  const keep = (level: LogLine["level"]) => (fields: Record<string, unknown>, message: string) => {
    lines.push({ level, message, fields });
  };
  return { lines, info: keep("info"), warn: keep("warn"), error: keep("error") };
}

/** Starter topics for tests. */
export function createTopics(count: number, source: StoredTopic["source"] = "starter"): StoredTopic[] {
  return Array.from({ length: count }, (_, i) => ({
    id: `${source}-${i}`,
    key: `${source} topic ${i}`,
    text: `Topic ${i}`,
    category: "everyday",
    sentiment: "neutral",
    source,
    active: true,
    createdAtMs: i,
  }));
}
