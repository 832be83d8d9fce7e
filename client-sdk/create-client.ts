import type { LiveChatroom } from "#schema/api.ts";
import { openChatroomSession, type ChatroomSession, type ChatroomWish } from "./chatroom/chatroom-session.ts";
import {
  createAccount,
  createChatlings,
  type Abortable,
  type Account,
  type Chatlings,
} from "./http/account.ts";
import { createAuth, type Auth } from "./http/auth.ts";
import { createReports, type Reports } from "./http/client-reports.ts";
import {
  createConversations,
  createTopics,
  listLiveChatrooms,
  type Conversations,
  type Topics,
} from "./http/conversations.ts";
import { createHttpClient, type FetchLike } from "./http/http-client.ts";
import { createLinks, type Links } from "./http/links.ts";
import { createPasskeys, type Passkeys } from "./http/passkeys.ts";
import { createSeats } from "./room/seats.ts";
import { onWake } from "./room/wake.ts";
import { systemTimers } from "./timers.ts";
import { openTokenStore, type TokenStore } from "./token-store.ts";

export interface ParleyClient {
  auth: Auth & { passkey: Passkeys; link: Links };
  me: Account;
  chatlings: Chatlings;
  conversations: Conversations;
  topics: Topics;
  reports: Reports;
  chatrooms: {
    /** Joins a live chatroom of the server's choice; makes a guest first where no token is kept. */
    join(wish?: ChatroomWish): Promise<ChatroomSession>;
    /** The chatrooms on now. */
    live(options?: Abortable): Promise<LiveChatroom[]>;
  };
}

export interface ClientOptions {
  /** Address of the server, as `https://parley.example`. */
  url: string;
  /** Where the token is kept; local storage in browsers and memory in Node when not given. */
  tokenStore?: TokenStore;
  fetch?: FetchLike;
}

/** A typed client of one Parley server. Every failure is a `ParleyError`. */
export function createClient(options: ClientOptions): ParleyClient {
  const tokens = options.tokenStore ?? openTokenStore(options.url);
  const send: FetchLike = options.fetch ?? ((input, init) => globalThis.fetch(input, init));
  const http = createHttpClient({ url: options.url, fetch: send, tokens });
  const auth = createAuth(http, tokens);
  const seats = createSeats({ url: options.url, http });
  return {
    auth: { ...auth, passkey: createPasskeys(http, tokens), link: createLinks(http, tokens) },
    me: createAccount(http),
    chatlings: createChatlings(http),
    conversations: createConversations(http),
    topics: createTopics(http),
    reports: createReports({ url: options.url, fetch: send }),
    chatrooms: {
      async join(wish = {}) {
        await auth.ensure(wish);
        return openChatroomSession({
          seats,
          wish,
          clockAheadMs: () => http.clockAheadMs(),
          timers: systemTimers,
          random: Math.random,
          onWake,
        });
      },
      live: (live) => listLiveChatrooms(http, live),
    },
  };
}
