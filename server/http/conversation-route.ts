import { ConversationAnswer, ConversationQuery, type ConversationView } from "#schema/api.ts";
import { MIN_SLOTS } from "#schema/vocabulary.ts";
import type { CastChatling } from "#ai/pool/casting.ts";
import type { Chooser, Taken } from "#ai/pool/choose.ts";
import { defineRoute, type Route } from "./route.ts";

export interface ConversationRouteOptions {
  readonly loadCast: (userId: string) => Promise<readonly CastChatling[]>;
  readonly chooser: Pick<Chooser, "take">;
  /** Called once for every conversation given. */
  readonly onTaken: (userId: string, taken: Taken) => void;
}

/** One unseen conversation, played by the caller's own chatlings; counts as seen at once. */
export function createConversationRoute(options: ConversationRouteOptions): Route {
  return defineRoute({
    method: "GET",
    path: "/api/chatroom/conversation",
    summary: "A conversation I have not seen, with my chatlings in its roles; counts as seen at once",
    access: "user",
    limit: "read",
    query: ConversationQuery,
    answer: ConversationAnswer,
    refuseHead: true,
    handle: async ({ person, query }): Promise<ConversationAnswer> => {
      const chatlings = await options.loadCast(person.userId);
      if (chatlings.length < MIN_SLOTS) return NOTHING;
      const taken = await options.chooser.take({
        userId: person.userId,
        chatlings,
        difficulty: query.difficulty,
      });
      if (!taken) return NOTHING;
      options.onTaken(person.userId, taken);
      return { success: true, conversation: toConversationView(taken) };
    },
  });
}

const NOTHING: ConversationAnswer = { message: "No new conversations available", conversation: null };

/** The spec's answer, every `{slot:N}` replaced by the name of the chatling that plays slot N. */
export function toConversationView({ conversation, cast }: Taken): ConversationView {
  const bySlot = new Map(cast.map((member) => [member.slot, member]));
  const nameOf = (slot: number): string => bySlot.get(slot)?.name ?? "";
  return {
    conversation_id: conversation.id,
    topic: conversation.topicText,
    overall_sentiment: conversation.overallSentiment,
    difficulty: conversation.difficulty,
    participants: cast.map(({ slot, archetype, chatlingId, name, score }) => ({
      chatling_id: chatlingId,
      chatling_name: name,
      role_slot: slot,
      role_archetype: archetype,
      match_score: Math.round(score * 100) / 100,
    })),
    messages: conversation.messages.map(({ order, slot, text, sentiment }) => ({
      chatling_id: bySlot.get(slot)?.chatlingId ?? "",
      chatling_name: nameOf(slot),
      message_text: text.replace(/\{slot:(\d)\}/g, (_, named: string) => nameOf(Number(named))),
      sentiment,
      message_order: order,
    })),
  };
}
