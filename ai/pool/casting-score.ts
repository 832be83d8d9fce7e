import type { ConversationRole } from "#schema/stored/conversation.ts";
import type { ArchetypeId, Element, Rarity } from "#schema/vocabulary.ts";
import { archetypes, getArchetype } from "./archetypes.ts";
import { traitLexicon } from "./trait-lexicon.ts";

/** What the score reads of a chatling. */
export interface ScoredChatling {
  readonly rarity: Rarity;
  readonly element: Element;
  readonly secondaryElement: Element | null;
  /** As derived by `extractTraits`. */
  readonly traits: readonly string[];
}

/** What the score reads of a role. */
export type ScoredRole = Pick<ConversationRole, "archetype" | "requiredTraits" | "traitWeights">;

/** What one trait of the role lends by lying at some distance from a trait of the chatling. */
const EXACT = 1;
const KIN = 0.5;
const KINDRED_ARCHETYPE = 0.25;
/** All kindred ties together, so that many faint ones do not make a fit. */
const KINDRED_MAX = 0.25;
const OPPOSITE = -0.5;
/** Share of the personality part still missing after each whole point of evidence. */
const MISSING_PER_EVIDENCE = 0.35;

const RARITY_PART: { readonly [R in Rarity]: number } = {
  common: 0.4,
  uncommon: 0.55,
  rare: 0.7,
  epic: 0.85,
  legendary: 1,
};
const SECONDARY_ELEMENT_PART = 0.6;

function traitEvidence(trait: string, required: readonly string[], archetype: ArchetypeId): number {
  if (required.includes(trait)) return EXACT;
  const opposites = traitLexicon.opposites.get(trait);
  const kin = traitLexicon.kin.get(trait);
  if (required.some((wanted) => opposites?.has(wanted))) return OPPOSITE;
  if (required.some((wanted) => kin?.has(wanted))) return KIN;
  const kindred = getArchetype(archetype).kindred.some((id) => getArchetype(id).traits.includes(trait));
  return kindred ? KINDRED_ARCHETYPE : 0;
}

function computePersonalityPart(
  traits: readonly string[],
  required: readonly string[],
  archetype: ArchetypeId,
): number {
  let evidence = 0;
  let kindred = 0;
  for (const trait of traits) {
    const added = traitEvidence(trait, required, archetype);
    if (added === KINDRED_ARCHETYPE) kindred += added;
    else evidence += added;
  }
  evidence += Math.min(KINDRED_MAX, kindred);
  return evidence <= 0 ? 0 : 1 - MISSING_PER_EVIDENCE ** evidence;
}

const archetypeIds = [...archetypes.keys()];
const archetypeTraits = new Map(
  archetypeIds.map((id, index) => [id, { index, traits: getArchetype(id).traits }]),
);
const rememberedParts = new WeakMap<readonly string[], readonly number[]>();

/**
 * Place of the shipped archetype that this role asks for unchanged, or -1 for a role with traits of its own.
 * Compared every time: roles come and go with the conversations, and remembering them costs more.
 */
function archetypeIndex({ archetype, requiredTraits }: ScoredRole): number {
  const shipped = archetypeTraits.get(archetype);
  const required = requiredTraits.personality;
  if (shipped === undefined || shipped.traits.length !== required.length) return -1;
  for (let i = 0; i < required.length; i++) if (shipped.traits[i] !== required[i]) return -1;
  return shipped.index;
}

/** Personality parts of these traits for every shipped archetype; computed once for each list of traits. */
export function rememberPersonalityParts(traits: readonly string[]): readonly number[] {
  let parts = rememberedParts.get(traits);
  if (parts === undefined) {
    parts = archetypeIds.map((id) => computePersonalityPart(traits, getArchetype(id).traits, id));
    rememberedParts.set(traits, parts);
  }
  return parts;
}

function personalityPart(role: ScoredRole, traits: readonly string[]): number {
  const index = archetypeIndex(role);
  const part = index < 0 ? undefined : rememberPersonalityParts(traits)[index];
  return part ?? computePersonalityPart(traits, role.requiredTraits.personality, role.archetype);
}

function elementPart(wish: Element | undefined, chatling: ScoredChatling): number {
  if (chatling.element === wish) return 1;
  return chatling.secondaryElement === wish ? SECONDARY_ELEMENT_PART : 0;
}

/**
 * How well a chatling fits a role, 0 (not at all) to 10; pure.
 *
 * score = 10 × Σ weight × part / Σ weight, over personality, element (only if the role wishes for one)
 * and rarity, each part being 0–1:
 * - personality: 1 − 0.35^e, where every trait of the chatling adds to the evidence e: 1 when the role asks
 *   for it, −0.5 when it is the opposite of one asked for, 0.5 when it is kin to one, and 0.25 once when any
 *   belong to a kindred archetype. So the first fitting trait counts most, and a chatling with no trait asked
 *   for or kin to one stays below 4 at the shipped weights, whatever its element and rarity.
 * - element: 1 for the primary, 0.6 for the secondary element.
 * - rarity: 0.4 (common) to 1 (legendary), as a rarer chatling is the more accomplished actor.
 */
export function scoreFit(role: ScoredRole, chatling: ScoredChatling): number {
  const { personality, element, rarity } = role.traitWeights;
  const wish = role.requiredTraits.element;
  let sum = personality * personalityPart(role, chatling.traits) + rarity * RARITY_PART[chatling.rarity];
  let weight = personality + rarity;
  if (wish !== undefined) {
    sum += element * elementPart(wish, chatling);
    weight += element;
  }
  return weight > 0 ? (10 * sum) / weight : 0;
}

interface ScoreParts {
  readonly personality: number;
  readonly element: number;
  readonly rarity: number;
}

/** A score taken apart: the points (of 10) each part gave, and which traits spoke for and against. */
export interface ScoreExplanation {
  readonly score: number;
  readonly points: ScoreParts;
  /** The points each part could have given. */
  readonly most: ScoreParts;
  /** Traits of the chatling by what they added to the evidence; those that added nothing are left out. */
  readonly traits: readonly { readonly trait: string; readonly evidence: number }[];
}

/** The parts of `scoreFit`, for people to read; its points add up to the same score. */
export function explainScore(role: ScoredRole, chatling: ScoredChatling): ScoreExplanation {
  const wish = role.requiredTraits.element;
  const { personality, rarity } = role.traitWeights;
  const element = wish === undefined ? 0 : role.traitWeights.element;
  const perWeight = 10 / (personality + element + rarity || 1);
  const most = {
    personality: perWeight * personality,
    element: perWeight * element,
    rarity: perWeight * rarity,
  };
  const points = {
    personality: most.personality * personalityPart(role, chatling.traits),
    element: most.element * elementPart(wish, chatling),
    rarity: most.rarity * RARITY_PART[chatling.rarity],
  };
  const traits = chatling.traits
    .map((trait) => ({
      trait,
      evidence: traitEvidence(trait, role.requiredTraits.personality, role.archetype),
    }))
    .filter(({ evidence }) => evidence !== 0);
  return { score: scoreFit(role, chatling), points, most, traits };
}
