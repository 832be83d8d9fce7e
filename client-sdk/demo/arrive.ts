import type { ChatroomJoinOptions } from "#schema/chatroom-messages.ts";
import type { ChatroomSession } from "../chatroom/chatroom-session.ts";
import type { ParleyClient } from "../create-client.ts";
import { isTokenRefusal } from "../http/http-client.ts";
import { ParleyError } from "../parley-error.ts";
import type { Sitters } from "./chatroom/sitters.ts";

/** Into a live conversation as whoever this device remembers, or as a new guest where it remembers nobody. */
export async function arrive(
  client: ParleyClient,
  sitters: Sitters,
  wish: ChatroomJoinOptions & { signal: AbortSignal },
): Promise<ChatroomSession> {
  try {
    return await enter(client, sitters, wish);
  } catch (error) {
    if (!(error instanceof ParleyError) || !isTokenRefusal(error)) throw error;
    // The token is too old to be renewed, or the server does not know it any more.
    await client.auth.guest({ signal: wish.signal });
    return enter(client, sitters, wish);
  }
}

async function enter(
  client: ParleyClient,
  sitters: Sitters,
  wish: ChatroomJoinOptions & { signal: AbortSignal },
): Promise<ChatroomSession> {
  await client.auth.ensure(wish);
  // The collection only makes portraits finer: a conversation does not wait for it if it fails.
  const looks = client.chatlings.list({ signal: wish.signal }).then(
    (chatlings) => sitters.replace(chatlings),
    () => undefined,
  );
  const session = await client.chatrooms.join(wish);
  await looks;
  return session;
}
