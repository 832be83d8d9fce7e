import type { Audience } from "./audience.ts";
import { chooseNext } from "./choose-next.ts";
import type { ChatroomDeps } from "./deps.ts";
import type { ChatroomJoinOptions } from "#schema/chatroom-messages.ts";
import type { StoredConversation } from "#schema/stored/conversation.ts";

/** What one room has played, and what it plays next. */
export interface Programme {
  /** A conversation took the stage. */
  begin(conversation: StoredConversation): void;
  /** What fits the audience best, of its own where the room is one viewer's; null when there is nothing. @throws what the store throws */
  choose(audience: Audience): Promise<StoredConversation | null>;
  /** It left the pool and will not come again. */
  forget(conversationId: string): void;
}

const RECENT_TOPICS = 8;
const CHOICES = 3;

/**
 * A room goes on in the arms of the conversation that it was opened with, as long as they have something for its
 * viewers: who sat down here is of the same arms, or of none.
 */
export function createProgramme(
  deps: Pick<ChatroomDeps, "pool" | "experiments" | "unique" | "loadConversation" | "rng">,
  wish: ChatroomJoinOptions,
  ownerId: string | undefined,
): Programme {
  const { pool, experiments, unique, rng } = deps;
  const played = new Set<string>();
  const recentTopics: string[] = [];
  let arms: readonly string[] | null = null;

  async function chooseOwn(userId: string, audience: Audience): Promise<StoredConversation | null> {
    if (audience.size === 0) return null;
    return (await unique?.take({ ...wish, userId, capacity: audience.largestCapacity })) ?? null;
  }

  return {
    begin({ id, topicId }) {
      arms ??= experiments.armsOf(id);
      played.add(id);
      recentTopics.push(topicId);
      if (recentTopics.length > RECENT_TOPICS) recentTopics.shift();
    },
    async choose(audience) {
      if (ownerId !== undefined) return chooseOwn(ownerId, audience);
      const preferred = arms ? pool.ofArms(arms) : undefined;
      for (let tries = 0; tries < CHOICES && audience.size > 0; tries++) {
        const entry = chooseNext({ pool, preferred, audience, wish, played, recentTopics, rng });
        if (!entry) return null;
        const conversation = await deps.loadConversation(entry.id);
        if (conversation) return conversation;
        played.add(entry.id);
      }
      return null;
    },
    forget: (id) => void played.delete(id),
  };
}
