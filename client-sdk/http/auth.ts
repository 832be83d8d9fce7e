import type { Me, Session } from "#schema/api.ts";
import type { TokenStore } from "../token-store.ts";
import { ParleyError } from "../parley-error.ts";
import type { HttpClient } from "./http-client.ts";

export interface Auth {
  /** Makes a new guest, who owns five starter chatlings, and keeps its token. */
  guest(options?: { name?: string; signal?: AbortSignal }): Promise<Me>;
  /** Makes a guest unless a token is kept already; costs no call when one is. */
  ensure(options?: { signal?: AbortSignal }): Promise<void>;
  /** Trades the kept token for a fresh one. Expired ones are renewed by themselves where a call needs it. */
  renew(options?: { signal?: AbortSignal }): Promise<Me>;
  /** Forgets the token on this device. */
  signOut(): Promise<void>;
}

/** The work goes on for whoever else waits; only this caller stops waiting. */
function untilAborted<T>(work: Promise<T>, signal: AbortSignal | undefined): Promise<T> {
  if (!signal) return work;
  return new Promise((resolve, reject) => {
    const abort = (): void => {
      reject(new ParleyError("aborted", "The call was aborted.", { cause: signal.reason }));
    };
    signal.addEventListener("abort", abort, { once: true });
    if (signal.aborted) abort();
    void work.then(resolve, reject).finally(() => signal.removeEventListener("abort", abort));
  });
}

export function createAuth(http: HttpClient, tokens: TokenStore): Auth {
  let arriving: Promise<unknown> | undefined;
  const auth: Auth = {
    async guest({ name, signal } = {}) {
      const body = name === undefined ? {} : { name };
      const session = await http.call<Session>("POST", "/api/auth/guest", {
        body,
        anonymous: true,
        ...(signal && { signal }),
      });
      await tokens.write(session.token);
      return session.user;
    },
    async ensure({ signal } = {}) {
      if ((await tokens.read()) !== null) return;
      // Nobody's own signal: others may wait for the same guest.
      arriving ??= auth.guest().finally(() => {
        arriving = undefined;
      });
      await untilAborted(arriving, signal);
    },
    renew: async ({ signal } = {}) => (await http.renew(signal)).user,
    async signOut() {
      await tokens.write(null);
    },
  };
  return auth;
}
