import { useMemo, useSyncExternalStore } from "react";
import type { ChatroomWish } from "../chatroom/chatroom-session.ts";
import { createChatroomStore, type ChatroomJoiner, type ChatroomView } from "./chatroom-store.ts";

/**
 * Joins a live chatroom while the component is mounted and leaves it afterwards; another `client`, topic or difficulty
 * is another chatroom. Make `client` outside the component. Rendered on a server it is `joining`.
 */
export function useChatroom(client: ChatroomJoiner, wish: Omit<ChatroomWish, "signal"> = {}): ChatroomView {
  const { topicId, difficulty } = wish;
  const store = useMemo(
    () => createChatroomStore(client, { ...(topicId && { topicId }), ...(difficulty && { difficulty }) }),
    [client, topicId, difficulty],
  );
  return useSyncExternalStore(store.subscribe, store.read, store.read);
}
