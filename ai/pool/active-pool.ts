import type { PoolEntry, StoredConversation } from "#schema/stored/conversation.ts";
import { DIFFICULTIES, MAX_SLOTS, MIN_SLOTS, type Difficulty } from "#schema/vocabulary.ts";
import { randomInt, type Rng } from "../rng.ts";

/** Which conversations are wanted; absent means any. */
export interface PoolFilter {
  readonly topicId?: string | undefined;
  readonly difficulty?: Difficulty | undefined;
  /** No more slots than the viewer has active chatlings. */
  readonly maxParticipants?: number | undefined;
}

/** Why entries left: their time was over, or somebody removed them. */
type LeaveReason = "expired" | "removed";

/** The active conversations as one process sees them: ids and tags, no texts. */
export interface ActivePool {
  readonly size: number;
  /** Grows whenever an entry is added; unchanged means nothing new is there to be found. */
  readonly version: number;
  get(id: string): PoolEntry | undefined;
  /** False when it is there already. */
  add(entry: PoolEntry): boolean;
  /** False when it is not there. */
  remove(id: string): boolean;
  /** Drops every entry whose time is over and returns how many. */
  expire(nowMs: number): number;
  /** Up to `count` different fitting entries, uniformly drawn; each costs the same, and only once it is taken. */
  sample(filter: PoolFilter, rng: Rng, count: number): Iterable<PoolEntry>;
  /** Number of fitting entries; does not walk them. */
  count(filter: PoolFilter): number;
  /** Every fitting entry; its cost grows with their number, so only for viewers who have seen nearly all. */
  iterate(filter: PoolFilter): Iterable<PoolEntry>;
  /** Those that were written for all of these arms; undefined for none of either. */
  ofArms(arms: readonly string[]): Pick<ActivePool, "sample"> | undefined;
  /** Mean creation time of the entries in Unix ms; NaN when empty. */
  meanCreatedAtMs(): number;
  /** Calls `listener` with each batch of ids that left; returns how to stop that. */
  subscribe(listener: (ids: readonly string[], reason: LeaveReason) => void): () => void;
}

/** To which arms of experiments conversations and viewers belong by how it is written; in one order. */
export interface WrittenArms {
  readonly ofConversation: (conversationId: string) => readonly string[];
  readonly ofUser: (userId: string) => readonly string[];
}

/** A conversation without its texts, as pools in memory keep it. */
export function toPoolEntry(conversation: StoredConversation): PoolEntry {
  const { id, createdAtMs, expiresAtMs, topicId, participantCount, difficulty } = conversation;
  return { id, createdAtMs, expiresAtMs, topicId, participantCount, difficulty };
}

interface Node {
  readonly entry: PoolEntry;
  readonly bucket: Node[];
  readonly topicBucket: Node[];
  at: number;
  topicAt: number;
}

type Place = "at" | "topicAt";

const COUNTS = MAX_SLOTS - MIN_SLOTS + 1;
const EXPIRY_BIN_MS = 60_000;

function createBuckets(): Node[][] {
  return Array.from({ length: DIFFICULTIES.length * COUNTS }, () => []);
}

function bucketIndex(difficulty: Difficulty, participantCount: number): number {
  if (participantCount < MIN_SLOTS || participantCount > MAX_SLOTS) {
    throw new RangeError(
      `a conversation has ${MIN_SLOTS} to ${MAX_SLOTS} participants, not ${participantCount}`,
    );
  }
  return DIFFICULTIES.indexOf(difficulty) * COUNTS + participantCount - MIN_SLOTS;
}

function swapRemove(bucket: Node[], place: Place, at: number): void {
  const last = bucket.pop();
  if (last === undefined || at === bucket.length) return;
  bucket[at] = last;
  last[place] = at;
}

function entryAt(buckets: readonly Node[][], place: number): PoolEntry {
  let rest = place;
  for (const bucket of buckets) {
    if (rest < bucket.length) return (bucket[rest] as Node).entry;
    rest -= bucket.length;
  }
  throw new RangeError(`there is no place ${place}`);
}

/** Every choice of one or more of the arms. */
function toCombinations(arms: readonly string[]): string[] {
  const combine = (sets: readonly string[], arm: string): string[] => [
    ...sets,
    arm,
    ...sets.map((set) => toArmsKey([set, arm])),
  ];
  return arms.reduce(combine, []);
}

const toArmsKey = (arms: readonly string[]): string => arms.join(" ");

/**
 * An empty pool. Adding and removing cost the same whatever its size. Where conversations have arms, each combination
 * of arms has a pool of its own beside it; where they have none, nothing is kept and nothing is asked.
 */
export function createActivePool(armsOf?: WrittenArms["ofConversation"]): ActivePool {
  const nodes = new Map<string, Node>();
  const buckets = createBuckets();
  const topics = new Map<string, Node[][]>();
  /** By combination of arms; three arms in each of two experiments make fifteen. */
  const parts = new Map<string, ActivePool>();
  /** Minute of expiry → ids, so that expiring looks at what expires and little else. */
  const expiryBins = new Map<number, Set<string>>();
  const listeners = new Set<(ids: readonly string[], reason: LeaveReason) => void>();
  /** Creation times are summed as distances from the first one, which keeps the sum exact. */
  let originMs = 0;
  let createdSumMs = 0;
  let version = 0;

  function fitting({ topicId, difficulty, maxParticipants = MAX_SLOTS }: PoolFilter): Node[][] {
    const all = topicId === undefined ? buckets : topics.get(topicId);
    if (all === undefined) return [];
    const found: Node[][] = [];
    for (const [d, name] of DIFFICULTIES.entries()) {
      if (difficulty !== undefined && difficulty !== name) continue;
      for (let c = 0; c < COUNTS && c + MIN_SLOTS <= maxParticipants; c++) {
        const bucket = all[d * COUNTS + c];
        if (bucket !== undefined && bucket.length > 0) found.push(bucket);
      }
    }
    return found;
  }

  function drop(id: string): boolean {
    const node = nodes.get(id);
    if (node === undefined) return false;
    const { entry } = node;
    nodes.delete(id);
    swapRemove(node.bucket, "at", node.at);
    swapRemove(node.topicBucket, "topicAt", node.topicAt);
    if (topics.get(entry.topicId)?.every((bucket) => bucket.length === 0)) topics.delete(entry.topicId);
    const bin = Math.floor(entry.expiresAtMs / EXPIRY_BIN_MS);
    const expiring = expiryBins.get(bin);
    expiring?.delete(id);
    if (expiring?.size === 0) expiryBins.delete(bin);
    createdSumMs -= entry.createdAtMs - originMs;
    if (armsOf) for (const key of toCombinations(armsOf(id))) parts.get(key)?.remove(id);
    return true;
  }

  function addToParts(entry: PoolEntry, arms: readonly string[]): void {
    for (const key of toCombinations(arms)) {
      const part = parts.get(key) ?? createActivePool();
      parts.set(key, part);
      part.add(entry);
    }
  }

  function tell(ids: readonly string[], reason: LeaveReason): void {
    if (ids.length > 0) for (const listener of listeners) listener(ids, reason);
  }

  return {
    get size() {
      return nodes.size;
    },
    get version() {
      return version;
    },
    get: (id) => nodes.get(id)?.entry,
    add(entry) {
      if (nodes.has(entry.id)) return false;
      const index = bucketIndex(entry.difficulty, entry.participantCount);
      let ofTopic = topics.get(entry.topicId);
      if (ofTopic === undefined) topics.set(entry.topicId, (ofTopic = createBuckets()));
      const bucket = buckets[index] as Node[];
      const topicBucket = ofTopic[index] as Node[];
      const node: Node = { entry, bucket, topicBucket, at: bucket.length, topicAt: topicBucket.length };
      bucket.push(node);
      topicBucket.push(node);
      const bin = Math.floor(entry.expiresAtMs / EXPIRY_BIN_MS);
      const expiring = expiryBins.get(bin);
      if (expiring === undefined) expiryBins.set(bin, new Set([entry.id]));
      else expiring.add(entry.id);
      if (nodes.size === 0) {
        originMs = entry.createdAtMs;
        createdSumMs = 0;
      }
      createdSumMs += entry.createdAtMs - originMs;
      nodes.set(entry.id, node);
      if (armsOf) addToParts(entry, armsOf(entry.id));
      version++;
      return true;
    },
    remove(id) {
      const removed = drop(id);
      if (removed) tell([id], "removed");
      return removed;
    },
    expire(nowMs) {
      const over: string[] = [];
      for (const [bin, ids] of expiryBins) {
        if (bin * EXPIRY_BIN_MS > nowMs) continue;
        for (const id of ids) if ((nodes.get(id)?.entry.expiresAtMs ?? 0) <= nowMs) over.push(id);
      }
      for (const id of over) drop(id);
      tell(over, "expired");
      return over.length;
    },
    *sample(filter, rng, count) {
      const from = fitting(filter);
      const total = from.reduce((sum, bucket) => sum + bucket.length, 0);
      // Fisher and Yates' shuffle of all places, of which only those that have moved are written down.
      const moved = new Map<number, number>();
      for (let first = 0; first < Math.min(count, total); first++) {
        const at = randomInt(rng, first, total - 1);
        const place = moved.get(at) ?? at;
        moved.set(at, moved.get(first) ?? first);
        yield entryAt(from, place);
      }
    },
    count: (filter) => fitting(filter).reduce((sum, bucket) => sum + bucket.length, 0),
    *iterate(filter) {
      for (const bucket of fitting(filter)) for (const node of bucket.slice()) yield node.entry;
    },
    ofArms: (arms) => parts.get(toArmsKey(arms)),
    meanCreatedAtMs: () => originMs + createdSumMs / nodes.size,
    subscribe(listener) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
  };
}
