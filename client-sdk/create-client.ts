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
import { createReports, type Reports, type ReportSettings } from "./http/client-reports.ts";
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
import { createUsage, type Usage } from "./http/usage.ts";
import { reportJoin } from "./reports/report-join.ts";
import { createSeats } from "./room/seats.ts";
import { onWake } from "./room/wake.ts";
import { systemTimers } from "./timers.ts";
import { openTokenStore, type TokenStore } from "./token-store.ts";
import { VERSION } from "./version.ts";

export interface ParleyClient {
  auth: Auth & { passkey: Passkeys; link: Links };
  me: Account;
  chatlings: Chatlings;
  conversations: Conversations;
  topics: Topics;
  usage: Usage;
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
  /**
   * Tells the server's operator, of some clients, which connections failed, by code, and how long joining and the
   * first line took: no text, id or token. Off where not given.
   */
  reports?: ReportSettings;
}

/**
 * A typed client of one Parley server. Every failure is a `ParleyError`; settings that make no sense are a
 * `RangeError` at once.
 */
export function createClient(options: ClientOptions): ParleyClient {
  const tokens = options.tokenStore ?? openTokenStore(options.url);
  const send: FetchLike = options.fetch ?? ((input, init) => globalThis.fetch(input, init));
  const http = createHttpClient({ url: options.url, fetch: send, tokens });
  const auth = createAuth(http, tokens);
  const seats = createSeats({ url: options.url, http });
  const reports = createReports({ url: options.url, fetch: send, settings: options.reports });
  const ownReports = reports.gather({ source: "sdk", version: VERSION });

  async function join(wish: ChatroomWish): Promise<ChatroomSession> {
    await auth.ensure(wish);
    return openChatroomSession({
      seats,
      wish,
      clockAheadMs: () => http.clockAheadMs(),
      timers: systemTimers,
      random: Math.random,
      onWake,
    });
  }

  return {
    auth: { ...auth, passkey: createPasskeys(http, tokens), link: createLinks(http, tokens) },
    me: createAccount(http),
    chatlings: createChatlings(http),
    conversations: createConversations(http),
    topics: createTopics(http),
    usage: createUsage(http),
    reports,
    chatrooms: {
      join: (wish = {}) =>
        reportJoin(
          () => join(wish),
          ownReports,
          () => performance.now(),
        ),
      live: (live) => listLiveChatrooms(http, live),
    },
  };
}
