import { openChatroomSession, type ChatroomSession } from "../chatroom/chatroom-session.ts";
import { createAuth } from "../http/auth.ts";
import { createHttpClient } from "../http/http-client.ts";
import { createSeats } from "../room/seats.ts";
import { systemTimers, type Timers } from "../timers.ts";
import { createMemoryTokenStore, type TokenStore } from "../token-store.ts";

/** A session on a real server, with what the browser and the clock do in the test's hands. */
export interface EnteredChatroom {
  readonly session: ChatroomSession;
  readonly tokens: TokenStore;
  /** As the browser does when the page is shown again, or the network is back. */
  wake(): void;
  /** Resolves when the connection is in this state. */
  until(connection: "live" | "reconnecting" | "closed"): Promise<void>;
}

/** Comes as a new guest and takes a seat. */
export async function enterChatroom(url: string, timers: Timers = systemTimers): Promise<EnteredChatroom> {
  const tokens = createMemoryTokenStore();
  const http = createHttpClient({ url, fetch: (input, init) => fetch(input, init), tokens });
  await createAuth(http, tokens).guest();
  let wake = () => {};
  const session = await openChatroomSession({
    seats: createSeats({ url, http }),
    wish: {},
    clockAheadMs: () => http.clockAheadMs(),
    timers,
    random: () => 0,
    onWake(run) {
      wake = run;
      return () => (wake = () => {});
    },
  });
  return {
    session,
    tokens,
    wake: () => wake(),
    until: (connection) =>
      new Promise((resolve) => {
        const stop = session.subscribe((snapshot) => look(snapshot.connection));
        const look = (now: string) => {
          if (now !== connection) return;
          stop();
          resolve();
        };
        look(session.snapshot.connection);
      }),
  };
}
