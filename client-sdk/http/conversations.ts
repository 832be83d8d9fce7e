import type { ConversationAnswer, ConversationView, ListPage, LiveChatroom, Topic } from "#schema/api.ts";
import type { Difficulty } from "#schema/vocabulary.ts";
import type { Abortable } from "./account.ts";
import type { HttpClient } from "./http-client.ts";

export interface Conversations {
  /** A whole conversation I have not seen, names filled in; it counts as seen at once. `null`: none is left. */
  next(options?: Abortable & { difficulty?: Difficulty }): Promise<ConversationView | null>;
}

export interface Topics {
  list(options?: Abortable & { limit?: number; cursor?: string }): Promise<ListPage<Topic>>;
}

export function createConversations(http: HttpClient): Conversations {
  return {
    async next({ signal, difficulty } = {}) {
      const answer = await http.call<ConversationAnswer>("GET", "/api/chatroom/conversation", {
        query: { difficulty },
        ...(signal && { signal }),
      });
      return answer.conversation;
    },
  };
}

export function createTopics(http: HttpClient): Topics {
  return {
    list: ({ signal, ...query } = {}) =>
      http.call("GET", "/api/topics", { query, ...(signal && { signal }) }),
  };
}

/** The chatrooms that are live now. */
export async function listLiveChatrooms(http: HttpClient, options?: Abortable): Promise<LiveChatroom[]> {
  return (await http.call<ListPage<LiveChatroom>>("GET", "/api/chatrooms", options)).items;
}
