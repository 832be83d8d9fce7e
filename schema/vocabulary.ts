/** The closed word lists that the pool, the rooms and the wire share. */

export const ARCHETYPES = [
  "optimist",
  "skeptic",
  "peacemaker",
  "jokester",
  "leader",
  "shy",
  "rebel",
  "scholar",
] as const;
export type ArchetypeId = (typeof ARCHETYPES)[number];

export const DIFFICULTIES = ["simple", "medium", "complex"] as const;
export type Difficulty = (typeof DIFFICULTIES)[number];

/** Sentiment of one line. */
export const LINE_SENTIMENTS = ["positive", "negative", "neutral"] as const;
export type LineSentiment = (typeof LINE_SENTIMENTS)[number];

/** Sentiment of a whole conversation. */
export const OVERALL_SENTIMENTS = ["positive", "negative", "mixed", "neutral"] as const;
export type OverallSentiment = (typeof OVERALL_SENTIMENTS)[number];

export const GENERATION_METHODS = ["template", "llm", "hybrid"] as const;
export type GenerationMethod = (typeof GENERATION_METHODS)[number];

export const ELEMENTS = ["fire", "water", "earth", "air", "light", "shadow", "nature", "metal"] as const;
export type Element = (typeof ELEMENTS)[number];

export const RARITIES = ["common", "uncommon", "rare", "epic", "legendary"] as const;
export type Rarity = (typeof RARITIES)[number];

export const USER_ROLES = ["user", "operator", "admin"] as const;
export type UserRole = (typeof USER_ROLES)[number];

/** The eight emoji a viewer may react with. */
export const REACTION_EMOJI = ["❤️", "😂", "😮", "😢", "🔥", "👏", "🤔", "👎"] as const;
export type ReactionEmoji = (typeof REACTION_EMOJI)[number];

/** Fewest and most role slots of a conversation. */
export const MIN_SLOTS = 2;
export const MAX_SLOTS = 5;
