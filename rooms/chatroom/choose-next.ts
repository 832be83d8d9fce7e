import type { ActivePool } from "#ai/pool/active-pool.ts";
import type { Rng } from "#ai/rng.ts";
import type { ChatroomJoinOptions } from "#schema/chatroom-messages.ts";
import type { PoolEntry } from "#schema/stored/conversation.ts";
import type { Audience } from "./audience.ts";

export interface NextChoice {
  readonly pool: ActivePool;
  /** The part of it that is drawn from first. */
  readonly preferred?: Pick<ActivePool, "sample"> | undefined;
  readonly audience: Audience;
  /** What the room was opened for. */
  readonly wish: ChatroomJoinOptions;
  /** Conversations this room has had. */
  readonly played: ReadonlySet<string>;
  /** Topics this room has had lately. */
  readonly recentTopics: readonly string[];
  readonly rng: Rng;
}

const SAMPLE_SIZE = 32;
const SAMPLES = 3;

/**
 * The conversation that fits most viewers present (unseen, enough chatlings), among a bounded sample; of
 * equals, one on a topic the room has not had lately. The whole pool is looked through only when samples hold
 * nothing that fits anybody. Null when nothing does.
 */
export function chooseNext(choice: NextChoice): PoolEntry | null {
  const { pool, preferred, audience, rng } = choice;
  const filter = { ...choice.wish, maxParticipants: audience.largestCapacity };
  for (const source of preferred ? [preferred, pool] : [pool]) {
    for (let round = 0; round < SAMPLES; round++) {
      const best = bestOf(source.sample(filter, rng, SAMPLE_SIZE), choice);
      if (best) return best;
    }
  }
  return bestOf(pool.iterate(filter), choice);
}

function bestOf(candidates: Iterable<PoolEntry>, choice: NextChoice): PoolEntry | null {
  let best: PoolEntry | null = null;
  let bestFits = 0;
  let bestIsFresh = false;
  for (const entry of candidates) {
    if (choice.played.has(entry.id)) continue;
    const fits = choice.audience.fits(entry.id, entry.participantCount);
    const isFresh = !choice.recentTopics.includes(entry.topicId);
    if (fits > bestFits || (fits > 0 && fits === bestFits && isFresh && !bestIsFresh)) {
      best = entry;
      bestFits = fits;
      bestIsFresh = isFresh;
    }
  }
  return best;
}
