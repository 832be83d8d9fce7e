import * as z from "zod/mini";
import type { NoticeMessage } from "./notice-message.ts";
import { DIFFICULTIES, REACTION_EMOJI } from "./vocabulary.ts";

const Id = z.string().check(z.minLength(1), z.maxLength(128));

/** What a viewer may ask for when joining; the server chooses the seat. */
export const ChatroomJoinOptions = z.strictObject({
  topicId: z.optional(Id),
  difficulty: z.optional(z.enum(DIFFICULTIES)),
});
export type ChatroomJoinOptions = z.infer<typeof ChatroomJoinOptions>;

/** Who plays which slot for this viewer alone; sent on join, on each new conversation and on reconnect. */
export const CastingMessage = z.object({
  conversationId: z.string(),
  cast: z.array(
    z.object({
      slot: z.number(),
      chatlingId: z.string(),
      name: z.string(),
      archetype: z.string(),
      /** How well the chatling fits the part, 0–10. */
      score: z.number(),
    }),
  ),
});
export type CastingMessage = z.infer<typeof CastingMessage>;

/** A viewer's reaction to a delivered line; saying it twice counts once. */
export const ReactMessage = z.strictObject({
  order: z.number().check(z.int(), z.gte(0), z.lte(65_535)),
  emoji: z.enum(REACTION_EMOJI),
});
export type ReactMessage = z.infer<typeof ReactMessage>;

/** Marks one of the viewer's own chatlings, or takes the mark away. */
export const FavoriteMessage = z.strictObject({ chatlingId: Id, favorite: z.boolean() });
export type FavoriteMessage = z.infer<typeof FavoriteMessage>;

/** Request for a seat in a room whose conversation the viewer has not seen; the answer is a `SeatMessage`. */
export const NextRequest = z.optional(z.nullable(z.strictObject({})));
export type NextRequest = z.infer<typeof NextRequest>;

/** A seat held for about 15 seconds; the SDK's `consumeSeatReservation` takes it as it is. */
export const SeatMessage = z.object({
  name: z.string(),
  sessionId: z.string(),
  roomId: z.string(),
  processId: z.exactOptional(z.string()),
  publicAddress: z.exactOptional(z.string()),
});
export type SeatMessage = z.infer<typeof SeatMessage>;

/** Sent by `move` to a viewer whom the room's next conversation does not fit. */
export const MoveMessage = SeatMessage;
export type MoveMessage = SeatMessage;

/** What the server may send to a viewer, by message type. */
export interface ChatroomServerMessages {
  casting: CastingMessage;
  move: MoveMessage;
  notice: NoticeMessage;
}
