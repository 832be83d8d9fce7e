import * as z from "zod";
import {
  ARCHETYPES,
  DIFFICULTIES,
  ELEMENTS,
  GENERATION_METHODS,
  LINE_SENTIMENTS,
  OVERALL_SENTIMENTS,
} from "../vocabulary.ts";

/** A part to be played: what fits it, and how much each kind of fit counts (weights sum to 1). */
export const ConversationRole = z.object({
  slot: z.number(),
  archetype: z.enum(ARCHETYPES),
  requiredTraits: z.object({
    personality: z.array(z.string()),
    /** Absent when any element will do. */
    element: z.optional(z.enum(ELEMENTS)),
  }),
  traitWeights: z.object({ personality: z.number(), element: z.number(), rarity: z.number() }),
});
export type ConversationRole = z.infer<typeof ConversationRole>;

export const ConversationMessage = z.object({
  order: z.number(),
  slot: z.number(),
  /** May hold `{slot:N}` where a speaker is named. */
  text: z.string(),
  sentiment: z.enum(LINE_SENTIMENTS),
});
export type ConversationMessage = z.infer<typeof ConversationMessage>;

/** A conversation of the pool, shared by all who watch it; roles and messages live inside the document. */
export const StoredConversation = z.object({
  id: z.string(),
  /** "<hour>#<number>": unique, so a batch that crashed is completed, never doubled. */
  batchSlot: z.string(),
  /** Grows with every insertion into the pool; other processes poll from the last one they saw. */
  createdAtMs: z.number(),
  expiresAtMs: z.number(),
  topicId: z.string(),
  topicText: z.string(),
  category: z.string(),
  participantCount: z.number(),
  difficulty: z.enum(DIFFICULTIES),
  overallSentiment: z.enum(OVERALL_SENTIMENTS),
  /** How the text that is used was made: `template` also where a model was to write and did not. */
  generationMethod: z.enum(GENERATION_METHODS),
  /** "provider/model", where a model's text is used; what it cost stands in the cost ledger, by conversation. */
  model: z.optional(z.string()),
  /** Of an experiment it was written for: "experiment/arm". */
  arm: z.optional(z.string()),
  viewCount: z.number(),
  roles: z.array(ConversationRole),
  messages: z.array(ConversationMessage),
  /**
   * The keys of the sentence patterns behind the messages, in their order and with blanks between, where patterns were
   * used: none is to be used too often.
   */
  cores: z.optional(z.string()),
});
export type StoredConversation = z.infer<typeof StoredConversation>;

/** What is kept in memory of every active conversation: enough to choose one, never what is said in it. */
export type PoolEntry = Pick<
  StoredConversation,
  "id" | "createdAtMs" | "expiresAtMs" | "topicId" | "participantCount" | "difficulty"
>;
