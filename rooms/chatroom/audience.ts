import { MAX_SLOTS } from "#schema/vocabulary.ts";

/** What the counters read of a viewer. */
export interface AudienceMember {
  /** How many roles the viewer's active chatlings can fill, 0–5. */
  capacity: number;
  /** Conversations of the active pool that this viewer has seen, as far as is known. */
  seen: readonly string[];
}

/**
 * How many of the viewers present a conversation would fit, read off counters that are kept as viewers come
 * and go: `present` by capacity, and for each conversation those present who have seen it, by capacity. No
 * question walks the viewers.
 */
export interface Audience {
  readonly size: number;
  /** Capacity of the best provided viewer; 0 when nobody is there. */
  readonly largestCapacity: number;
  join(member: AudienceMember): void;
  leave(member: AudienceMember): void;
  /** Adds what is found out about a present viewer later; replaces what was known. */
  learn(member: AudienceMember, seen: readonly string[]): void;
  /** A present viewer has other chatlings now. */
  resize(member: AudienceMember, capacity: number): void;
  /** Viewers present who have not seen it and have at least `slots` active chatlings. */
  fits(conversationId: string, slots: number): number;
  /** Forgets conversations that left the pool. */
  forget(conversationIds: readonly string[]): void;
}

export function createAudience(): Audience {
  const present: number[] = Array.from<number>({ length: MAX_SLOTS + 1 }).fill(0);
  const seenBy = new Map<string, Uint32Array>();
  let size = 0;

  function count(member: AudienceMember, by: 1 | -1): void {
    for (const id of member.seen) {
      let counts = seenBy.get(id);
      if (!counts) {
        if (by < 0) continue;
        counts = new Uint32Array(MAX_SLOTS + 1);
        seenBy.set(id, counts);
      }
      counts[member.capacity] = Math.max(0, (counts[member.capacity] ?? 0) + by);
      if (by < 0 && counts.every((n) => n === 0)) seenBy.delete(id);
    }
  }

  function tally(member: AudienceMember, by: 1 | -1): void {
    present[member.capacity] = (present[member.capacity] ?? 0) + by;
    size += by;
    count(member, by);
  }

  return {
    get size() {
      return size;
    },
    get largestCapacity() {
      return Math.max(
        0,
        present.findLastIndex((n) => n > 0),
      );
    },
    join: (member) => tally(member, 1),
    leave: (member) => tally(member, -1),
    resize(member, capacity) {
      tally(member, -1);
      member.capacity = capacity;
      tally(member, 1);
    },
    learn(member, seen) {
      count(member, -1);
      member.seen = seen;
      count(member, 1);
    },
    fits(conversationId, slots) {
      const seen = seenBy.get(conversationId);
      let fitting = 0;
      for (let capacity = slots; capacity <= MAX_SLOTS; capacity++) {
        fitting += (present[capacity] ?? 0) - (seen?.[capacity] ?? 0);
      }
      return fitting;
    },
    forget(conversationIds) {
      for (const id of conversationIds) seenBy.delete(id);
    },
  };
}
