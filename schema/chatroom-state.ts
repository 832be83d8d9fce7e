import { schema, t, type SchemaType } from "@colyseus/schema";

/** A role of the conversation on stage. Viewers' own chatlings play it (see the `casting` message). */
export const RoleState = schema({ slot: t.uint8().default(0), archetype: t.string().default("") }, "Role");
export type RoleState = SchemaType<typeof RoleState>;

/** One delivered line. `{slot:N}` in `text` stands for whoever plays slot N for this viewer. */
export const LineState = schema(
  {
    order: t.uint16().default(0),
    slot: t.uint8().default(0),
    text: t.string().default(""),
    sentiment: t.string().default("neutral"),
    /** Milliseconds after `startedAtMs`. */
    atMs: t.uint32().default(0),
  },
  "Line",
);
export type LineState = SchemaType<typeof LineState>;

/** What every viewer of a chatroom shares; encoded once, whatever their number. */
export const ChatroomState = schema(
  {
    conversationId: t.string().default(""),
    /** Counts the conversations this room has opened, from 1: who was away sees how many passed. */
    conversationNumber: t.uint32().default(0),
    /** How many lines the conversation has in all, of which `lines` holds those delivered. */
    lineCount: t.uint16().default(0),
    topicId: t.string().default(""),
    topic: t.string().default(""),
    sentiment: t.string().default("neutral"),
    difficulty: t.string().default("simple"),
    phase: t.string<"playing" | "intermission">().default("intermission"),
    /** Unix time at which the conversation began. */
    startedAtMs: t.float64().default(0),
    /** Unix time of the next conversation's start; 0 until it is known. */
    nextAtMs: t.float64().default(0),
    nextTopic: t.string().default(""),
    roles: t.array(RoleState),
    lines: t.array(LineState),
    /** Slot that is typing now; -1 when nobody is. */
    typingSlot: t.int8().default(-1),
    viewers: t.uint32().default(0),
    /** "order:emoji" → how many viewers reacted so. */
    reactions: t.map("uint32"),
  },
  "Chatroom",
);
export type ChatroomState = SchemaType<typeof ChatroomState>;
