import { ALIKE, createNearDuplicateIndex } from "./near-duplicate-index.ts";
import { toFingerprint, type Fingerprint } from "./fingerprint.ts";
import { createRunCounter } from "./run-counter.ts";

/** A conversation as the ledger takes it: `cores` holds the keys of its sentence patterns, with blanks between. */
export interface Noted {
  readonly id: string;
  readonly topicId: string;
  readonly messages: readonly { readonly text: string }[];
  readonly cores?: string | undefined;
}

export interface Judgement {
  /** Would repeat what the pool holds. */
  readonly isStale: boolean;
  /** The share of its word triples and pairs that the pool has not; 0 to 1. */
  readonly novelty: number;
}

/** What the conversations of the pool have in them, so that new ones say something else. Bounded by the pool's size. */
export interface NoveltyLedger {
  readonly size: number;
  ids(): Iterable<string>;
  has(id: string): boolean;
  /** A conversation that is noted already stays as it is. */
  add(conversation: Noted): void;
  remove(id: string): void;
  /** Whoever has the fingerprint already gives it along. */
  judge(text: string, fingerprint?: Fingerprint): Judgement;
  /** How often a core was used in the pool, and how often for this topic. */
  coreUses(core: string): number;
  coreUsesFor(topicId: string, core: string): number;
}

/** A message that is not short may not come twice; a short one ("Fair enough.") so often. */
const SHORT_WORDS = 4;
const SHORT_MOST = 15;
/** A run of six words may stand in two messages of the pool, not in three. */
const SIX_MOST = 2;
/** Of all messages of at least four words, so many may begin with the same three; and a few in a small pool. */
const OPENING_SHARE = 0.005;
const OPENING_FREE = 4;
/** Triples weigh more: pairs are often mere grammar. */
const TRIPLE_WEIGHT = 2;

/** An empty ledger. What is added and taken off again leaves no trace, whatever the order. */
export function createNoveltyLedger(): NoveltyLedger {
  const noted = new Map<string, { fingerprints: Fingerprint[]; topicId: string; cores: readonly string[] }>();
  const wholes = new Map<number, number>();
  const pairs = createRunCounter(19);
  const triples = createRunCounter(20);
  const sixes = createRunCounter(20);
  const openings = new Map<number, number>();
  const alike = createNearDuplicateIndex();
  const cores = new Map<string, number>();
  const coresByTopic = new Map<string, Map<string, number>>();
  let messages = 0;

  function count(fingerprint: Fingerprint, by: 1 | -1): void {
    const step = by === 1 ? "add" : "remove";
    messages += by;
    bump(wholes, fingerprint.whole, by);
    for (const pair of fingerprint.pairs) pairs[step](pair);
    for (const triple of fingerprint.triples) triples[step](triple);
    for (const six of new Set(fingerprint.sixes)) sixes[step](six);
    const opening = openingOf(fingerprint);
    if (opening !== undefined) bump(openings, opening, by);
    alike[step](fingerprint);
  }

  function countCores(topicId: string, used: readonly string[], by: 1 | -1): void {
    let ofTopic = coresByTopic.get(topicId);
    if (!ofTopic) coresByTopic.set(topicId, (ofTopic = new Map()));
    for (const core of used) {
      bump(cores, core, by);
      bump(ofTopic, core, by);
    }
    if (ofTopic.size === 0) coresByTopic.delete(topicId);
  }

  function isStale(fingerprint: Fingerprint, freshPairs: number): boolean {
    const { words, whole } = fingerprint;
    if ((wholes.get(whole) ?? 0) >= (words <= SHORT_WORDS ? SHORT_MOST : 1)) return true;
    if (fingerprint.sixes.some((six) => sixes.count(six) >= SIX_MOST)) return true;
    const opening = openingOf(fingerprint);
    const most = OPENING_FREE + messages * OPENING_SHARE;
    if (opening !== undefined && (openings.get(opening) ?? 0) >= most) return true;
    // Whatever shares that many of its pairs with one message has as many that the pool knows, and few have.
    const known = fingerprint.pairs.length - freshPairs;
    return known >= ALIKE * fingerprint.pairs.length && alike.hasLike(fingerprint);
  }

  function countFreshPairs({ pairs: ofPairs }: Fingerprint): number {
    let fresh = 0;
    for (const pair of ofPairs) if (pairs.count(pair) === 0) fresh++;
    return fresh;
  }

  function noveltyOf({ pairs: ofPairs, triples: ofTriples }: Fingerprint, freshPairs: number): number {
    const all = ofPairs.length + TRIPLE_WEIGHT * ofTriples.length;
    if (all === 0) return 1;
    let fresh = freshPairs;
    for (const triple of ofTriples) if (triples.count(triple) === 0) fresh += TRIPLE_WEIGHT;
    return fresh / all;
  }

  return {
    get size() {
      return noted.size;
    },
    ids: () => noted.keys(),
    has: (id) => noted.has(id),
    add({ id, topicId, messages: said, cores: keys }) {
      if (noted.has(id)) return;
      const used = keys?.split(" ") ?? [];
      const fingerprints = said.map(({ text }) => toFingerprint(text));
      for (const fingerprint of fingerprints) count(fingerprint, 1);
      countCores(topicId, used, 1);
      noted.set(id, { fingerprints, topicId, cores: used });
    },
    remove(id) {
      const known = noted.get(id);
      if (!known) return;
      noted.delete(id);
      for (const fingerprint of known.fingerprints) count(fingerprint, -1);
      countCores(known.topicId, known.cores, -1);
    },
    judge(text, fingerprint = toFingerprint(text)) {
      const freshPairs = countFreshPairs(fingerprint);
      return { isStale: isStale(fingerprint, freshPairs), novelty: noveltyOf(fingerprint, freshPairs) };
    },
    coreUses: (core) => cores.get(core) ?? 0,
    coreUsesFor: (topicId, core) => coresByTopic.get(topicId)?.get(core) ?? 0,
  };
}

function openingOf({ words, triples }: Fingerprint): number | undefined {
  return words >= 4 ? triples[0] : undefined;
}

function bump<Key>(counts: Map<Key, number>, key: Key, by: 1 | -1): void {
  const count = (counts.get(key) ?? 0) + by;
  if (count > 0) counts.set(key, count);
  else counts.delete(key);
}

/** A ledger with what is being written on top of it: a conversation repeats itself as little as the pool. */
export function createDraftLedger(
  pool: NoveltyLedger,
): Pick<NoveltyLedger, "judge"> & { note(text: string): void } {
  const wholes = new Set<number>();
  const sixes = new Set<number>();
  return {
    judge(text, fingerprint = toFingerprint(text)) {
      const judgement = pool.judge(text, fingerprint);
      if (judgement.isStale) return judgement;
      const isStale = wholes.has(fingerprint.whole) || fingerprint.sixes.some((six) => sixes.has(six));
      return { ...judgement, isStale };
    },
    note(text) {
      const fingerprint = toFingerprint(text);
      wholes.add(fingerprint.whole);
      for (const six of fingerprint.sixes) sixes.add(six);
    },
  };
}
