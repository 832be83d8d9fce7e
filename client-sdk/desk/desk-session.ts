import { createHttpClient, isTokenRefusal, type FetchLike, type HttpClient } from "../http/http-client.ts";
import { ParleyError } from "../parley-error.ts";
import type { Session } from "#schema/api.ts";

const KEY = "parley-desk-token";

/** One call to the API as an operator. Every failure is a `ParleyError`. */
export type DeskCall = HttpClient["call"];

export interface DeskSession {
  isOpen(): boolean;
  /** @throws ParleyError `wrong-password` */
  signIn(password: string): Promise<void>;
  signOut(): void;
  call: DeskCall;
}

/** An operator's session, kept in this tab alone; `onEnded` is told when the server refuses its token. */
export function openDeskSession(deps: {
  url: string;
  fetch: FetchLike;
  storage: Pick<Storage, "getItem" | "setItem" | "removeItem">;
  onEnded(): void;
}): DeskSession {
  let token = readKept();

  function readKept(): string | null {
    try {
      return deps.storage.getItem(KEY);
    } catch {
      return null;
    }
  }

  function keep(fresh: string | null): void {
    token = fresh;
    try {
      if (fresh === null) deps.storage.removeItem(KEY);
      else deps.storage.setItem(KEY, fresh);
    } catch {
      // Storage may be refused: the session then lasts as long as the page.
    }
  }

  const http = createHttpClient({ ...deps, tokens: { read: () => token, write: keep } });
  return {
    isOpen: () => token !== null,
    async signIn(password) {
      const session = await http.call<Session>("POST", "/api/auth/admin", {
        body: { password },
        anonymous: true,
      });
      keep(session.token);
    },
    signOut: () => keep(null),
    async call<T>(...call: Parameters<DeskCall>): Promise<T> {
      const used = token;
      try {
        return await http.call<T>(...call);
      } catch (error) {
        // Of several calls that were under way only the first ends the session, and none ends the next one.
        if (error instanceof ParleyError && isTokenRefusal(error) && used !== null && used === token) {
          keep(null);
          deps.onEnded();
        }
        throw error;
      }
    },
  };
}
