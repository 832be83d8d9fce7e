import type { ListPage, Me, Session } from "#schema/api.ts";
import type { Passkey, PasskeyCreationOptions, PasskeyRequestOptions } from "#schema/passkey.ts";
import type { TokenStore } from "../token-store.ts";
import type { Abortable } from "./account.ts";
import { browserAuthenticator, supportsPasskeys, type Authenticator } from "./browser-authenticator.ts";
import type { HttpClient } from "./http-client.ts";

/** Passkeys make a guest a lasting account. `register` and `signIn` need a browser and a tap or click before. */
export interface Passkeys {
  /** Whether this browser and page can use passkeys; elsewhere both fail with `passkey-unsupported`. */
  supported(): boolean;
  /** Makes a passkey for the account in use; `label` (40 characters) tells it from others in `list`. */
  register(options?: Abortable & { label?: string }): Promise<Passkey>;
  /** Signs in by a passkey the person chooses, and keeps that account's token in place of the one before. */
  signIn(options?: Abortable): Promise<Me>;
  /** The account's passkeys, oldest first. */
  list(options?: Abortable): Promise<Passkey[]>;
  /** Takes one away from the account: it signs nobody in any more. */
  remove(id: string, options?: Abortable): Promise<void>;
}

const PATH = "/api/auth/passkey";

export function createPasskeys(
  http: HttpClient,
  tokens: TokenStore,
  authenticator: Authenticator = browserAuthenticator,
): Passkeys {
  return {
    supported: supportsPasskeys,
    async register({ label, signal } = {}) {
      const abort = signal ? { signal } : {};
      const options = await http.call<PasskeyCreationOptions>("POST", `${PATH}/register-options`, abort);
      const response = await authenticator.create(options, signal);
      const body = label === undefined ? { response } : { response, label };
      return http.call("POST", `${PATH}/register`, { body, ...abort });
    },
    async signIn({ signal } = {}) {
      const call = { anonymous: true, ...(signal && { signal }) };
      const options = await http.call<PasskeyRequestOptions>("POST", `${PATH}/sign-in-options`, call);
      const response = await authenticator.get(options, signal);
      const session = await http.call<Session>("POST", `${PATH}/sign-in`, { body: { response }, ...call });
      await tokens.write(session.token);
      return session.user;
    },
    async list(options) {
      return (await http.call<ListPage<Passkey>>("GET", "/api/me/passkeys", options)).items;
    },
    remove: (id, options) => http.call("DELETE", `/api/me/passkeys/${encodeURIComponent(id)}`, options),
  };
}
