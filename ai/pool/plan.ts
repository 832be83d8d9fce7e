import type { ConversationRole } from "#schema/stored/conversation.ts";
import { ARCHETYPES, type ArchetypeId, type Difficulty } from "#schema/vocabulary.ts";
import { createRng, pick, shuffle, type Rng } from "../rng.ts";
import { getArchetype } from "./archetypes.ts";
import { toBatchSlot } from "./batch-hours.ts";

/** What one conversation of a batch is to be: decided before a word of it is written. */
export interface ConversationPlan<Topic> {
  readonly topic: Topic;
  readonly difficulty: Difficulty;
  readonly roles: ConversationRole[];
}

/**
 * Difficulty and number of participants in a run of 25 slots: simple has 2–3, medium 3–4, complex 4–5.
 * So any 25 conversations in a row hold something for every difficulty and every size of collection.
 */
const RUN: readonly {
  readonly difficulty: Difficulty;
  readonly participants: number;
  readonly times: number;
}[] = [
  { difficulty: "simple", participants: 2, times: 5 },
  { difficulty: "simple", participants: 3, times: 4 },
  { difficulty: "medium", participants: 3, times: 4 },
  { difficulty: "medium", participants: 4, times: 4 },
  { difficulty: "complex", participants: 4, times: 4 },
  { difficulty: "complex", participants: 5, times: 4 },
];
const RUN_SHAPES = RUN.flatMap(({ times, ...shape }) => Array.from({ length: times }, () => shape));

/** How often a role wishes for an element. */
const ELEMENT_WISH_SHARE = 0.2;

function toRole(archetypeId: ArchetypeId, slot: number, rng: Rng): ConversationRole {
  const { traits, weights, elements } = getArchetype(archetypeId);
  const wishes = rng() < ELEMENT_WISH_SHARE;
  const element = pick(rng, elements);
  return {
    slot,
    archetype: archetypeId,
    requiredTraits: wishes ? { personality: [...traits], element } : { personality: [...traits] },
    // Where no element is wished for, its weight goes to the personality, so that weights sum to 1.
    traitWeights: wishes
      ? { ...weights }
      : { personality: weights.personality + weights.element, element: 0, rarity: weights.rarity },
  };
}

/**
 * Plans the conversation of one slot of an hour's batch; the same seed and topics give the same plan, in
 * whatever order the topics come. Within a batch no topic comes again before every other one was used, and
 * archetypes within a conversation differ. Throws when there is no topic.
 */
export function planConversation<Topic extends { readonly id: string }>(
  hour: string,
  index: number,
  topics: readonly Topic[],
  seed = "",
): ConversationPlan<Topic> {
  if (topics.length === 0) throw new RangeError("a conversation needs a topic");
  const sorted = topics.toSorted((a, b) => (a.id < b.id ? -1 : 1));
  const round = Math.floor(index / topics.length);
  const ordered = shuffle(createRng(`${hour}/topics/${round}/${seed}`), sorted);
  const run = Math.floor(index / RUN_SHAPES.length);
  const shapes = shuffle(createRng(`${hour}/shapes/${run}/${seed}`), RUN_SHAPES);
  const shape = shapes[index % shapes.length] as (typeof RUN_SHAPES)[number];
  const rng = createRng(`${toBatchSlot(hour, index)}/plan/${seed}`);
  const cast = shuffle(rng, ARCHETYPES).slice(0, shape.participants);
  return {
    topic: ordered[index % topics.length] as Topic,
    difficulty: shape.difficulty,
    roles: cast.map((archetype, slot) => toRole(archetype, slot, rng)),
  };
}
