import * as z from "zod/mini";
import {
  DIFFICULTIES,
  ELEMENTS,
  LINE_SENTIMENTS,
  OVERALL_SENTIMENTS,
  RARITIES,
  USER_ROLES,
} from "./vocabulary.ts";

/** HTTP shapes, the same for the server that validates and the SDK that is typed by them. */

/** Every error body under `/api`. */
export const ErrorBody = z.object({
  error: z.object({ code: z.string(), message: z.string(), details: z.optional(z.unknown()) }),
});
export type ErrorBody = z.infer<typeof ErrorBody>;

/** Text as people type it; halves of characters, which databases treat differently, become U+FFFD. */
const trimmed = (min: number, max: number) =>
  z.string().check(
    z.overwrite((text) => text.toWellFormed()),
    z.trim(),
    z.minLength(min),
    z.maxLength(max),
  );

export const PersonName = trimmed(1, 40);

export const GuestRequest = z.strictObject({ name: z.optional(PersonName) });
export type GuestRequest = z.infer<typeof GuestRequest>;

export const AdminLogin = z.strictObject({ password: z.string().check(z.maxLength(200)) });

export const Me = z.object({ id: z.string(), name: z.string(), role: z.enum(USER_ROLES) });
export type Me = z.infer<typeof Me>;

/** The answer to `POST /api/auth/guest`, `…/renew` and `…/admin`. */
export const Session = z.object({ token: z.string(), user: Me });
export type Session = z.infer<typeof Session>;

export const RenameRequest = z.strictObject({ name: PersonName });

/** Which words of a chatling's texts gave one of its traits. */
export const TraitOrigin = z.object({
  trait: z.string(),
  words: z.array(z.string()),
  source: z.enum(["personality", "backstory"]),
});
export type TraitOrigin = z.infer<typeof TraitOrigin>;

/** A creature of my collection; `traits` are derived from its texts and cannot be set. */
export const Chatling = z.object({
  id: z.string(),
  name: z.string(),
  personality: z.string(),
  backstory: z.string(),
  rarity: z.enum(RARITIES),
  element: z.enum(ELEMENTS),
  secondaryElement: z.nullable(z.enum(ELEMENTS)),
  active: z.boolean(),
  favorite: z.boolean(),
  traits: z.array(z.string()),
  /** How the traits came about; one that stands for "none" has no origin. */
  traitOrigins: z.array(TraitOrigin),
});
export type Chatling = z.infer<typeof Chatling>;

/** A chatling someone makes for themselves: always common, so that rarity keeps its worth. */
export const NewChatling = z.strictObject({
  name: trimmed(1, 40),
  personality: trimmed(1, 1000),
  backstory: z.optional(trimmed(0, 4000)),
  element: z.optional(z.enum(ELEMENTS)),
  secondaryElement: z.optional(z.nullable(z.enum(ELEMENTS))),
});
export type NewChatling = z.infer<typeof NewChatling>;

export const ChatlingPatch = z.strictObject({
  name: z.optional(trimmed(1, 40)),
  personality: z.optional(trimmed(1, 1000)),
  backstory: z.optional(trimmed(0, 4000)),
  active: z.optional(z.boolean()),
  favorite: z.optional(z.boolean()),
});
export type ChatlingPatch = z.infer<typeof ChatlingPatch>;

/** A whole creature as another game's collection holds it (operators' import). */
export const ImportedChatling = z.strictObject({
  externalId: trimmed(1, 200),
  name: trimmed(1, 40),
  personality: trimmed(0, 1000),
  backstory: z._default(trimmed(0, 4000), ""),
  rarity: z.enum(RARITIES),
  element: z.enum(ELEMENTS),
  secondaryElement: z._default(z.nullable(z.enum(ELEMENTS)), null),
  active: z._default(z.boolean(), true),
  favorite: z._default(z.boolean(), false),
});
export type ImportedChatling = z.infer<typeof ImportedChatling>;

/** One user's collection to import: an id of this server, or issuer and subject of a trusted game's user. */
export const CollectionImport = z.strictObject({
  users: z
    .array(
      z.strictObject({
        userId: z.optional(trimmed(1, 200)),
        issuer: z.optional(trimmed(1, 400)),
        subject: z.optional(trimmed(1, 400)),
        name: z.optional(PersonName),
        chatlings: z.array(ImportedChatling).check(z.minLength(1), z.maxLength(500)),
      }),
    )
    .check(z.minLength(1), z.maxLength(1000)),
});
export type CollectionImport = z.infer<typeof CollectionImport>;

/** `GET /api/chatroom/conversation`: names are filled in, for this viewer's own chatlings. */
export const ConversationView = z.object({
  conversation_id: z.string(),
  topic: z.string(),
  overall_sentiment: z.enum(OVERALL_SENTIMENTS),
  difficulty: z.enum(DIFFICULTIES),
  participants: z.array(
    z.object({
      chatling_id: z.string(),
      chatling_name: z.string(),
      role_slot: z.number(),
      role_archetype: z.string(),
      match_score: z.number(),
    }),
  ),
  messages: z.array(
    z.object({
      chatling_id: z.string(),
      chatling_name: z.string(),
      message_text: z.string(),
      sentiment: z.enum(LINE_SENTIMENTS),
      message_order: z.number(),
    }),
  ),
});
export type ConversationView = z.infer<typeof ConversationView>;

export const ConversationAnswer = z.union([
  z.object({ success: z.literal(true), conversation: ConversationView }),
  z.object({ message: z.string(), conversation: z.null() }),
]);
export type ConversationAnswer = z.infer<typeof ConversationAnswer>;

export const ConversationQuery = z.strictObject({ difficulty: z.optional(z.enum(DIFFICULTIES)) });

export const Topic = z.object({
  id: z.string(),
  text: z.string(),
  category: z.string(),
  sentiment: z.enum(OVERALL_SENTIMENTS),
});
export type Topic = z.infer<typeof Topic>;

/** A chatroom that is live now. */
export const LiveChatroom = z.object({
  roomId: z.string(),
  topicId: z.string(),
  topic: z.string(),
  difficulty: z.enum(DIFFICULTIES),
  viewers: z.number(),
});
export type LiveChatroom = z.infer<typeof LiveChatroom>;

/** Points that one part of a casting score gave, and the most it could have given; of 10 over all parts. */
const FitPoints = z.object({ points: z.number(), most: z.number() });

/** A casting score taken apart. */
export const RoleFit = z.object({
  personality: FitPoints,
  element: FitPoints,
  rarity: FitPoints,
  /** What the part asked for; any element will do where none is named. */
  wantedTraits: z.array(z.string()),
  wantedElement: z.nullable(z.enum(ELEMENTS)),
  /** Traits of the chatling that counted: 1 is asked for, 0.5 and 0.25 come close, below 0 speaks against it. */
  traits: z.array(z.object({ trait: z.string(), evidence: z.number() })),
});
export type RoleFit = z.infer<typeof RoleFit>;

/** A role one of my chatlings played lately. */
export const PlayedRole = z.object({
  conversationId: z.string(),
  topic: z.string(),
  slot: z.number(),
  archetype: z.string(),
  chatlingId: z.string(),
  score: z.number(),
  viewedAtMs: z.number(),
  /** How the score came about, while the conversation is kept and the chatling is as it was then. */
  fit: z.exactOptional(RoleFit),
});
export type PlayedRole = z.infer<typeof PlayedRole>;

/** Lists are pages: `?limit=&cursor=` → `{ items, nextCursor? }`. */
export const PageQuery = z.object({
  limit: z._default(z.coerce.number().check(z.int(), z.minimum(1), z.maximum(200)), 50),
  cursor: z.optional(z.string().check(z.maxLength(500))),
});
export interface ListPage<T> {
  items: T[];
  nextCursor?: string;
}

/** A topic as an operator adds or imports it. */
export const NewTopic = z.strictObject({
  text: trimmed(3, 200),
  category: z._default(trimmed(1, 40), "news"),
  sentiment: z._default(z.enum(OVERALL_SENTIMENTS), "neutral"),
});
export type NewTopic = z.infer<typeof NewTopic>;

export const TopicImport = z.union([
  z.strictObject({ topics: z.array(NewTopic).check(z.minLength(1), z.maxLength(1000)) }),
  z.strictObject({ rss: z.string().check(z.minLength(1)), category: z.optional(trimmed(1, 40)) }),
]);
export type TopicImport = z.infer<typeof TopicImport>;

export const Health = z.object({
  status: z.enum(["ok", "degraded"]),
  version: z.string(),
  uptimeSeconds: z.number(),
  checks: z.object({ store: z.string(), pool: z.string(), models: z.string(), voice: z.string() }),
});
export type Health = z.infer<typeof Health>;
