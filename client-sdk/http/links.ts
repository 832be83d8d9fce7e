import type { Me, Session } from "#schema/api.ts";
import type { LinkCode } from "#schema/passkey.ts";
import type { TokenStore } from "../token-store.ts";
import type { Abortable } from "./account.ts";
import type { HttpClient } from "./http-client.ts";

/** One-time codes, which carry an account to a second device. */
export interface Links {
  /** A code to be typed on the other device within ten minutes; the one before is good no more. */
  create(options?: Abortable): Promise<LinkCode>;
  /**
   * Signs in as whoever made the code, and keeps that account's token in place of the one before. Spaces, hyphens and
   * case do not matter; a code that is wrong, used or expired fails with `link-code-invalid`.
   */
  redeem(code: string, options?: Abortable): Promise<Me>;
}

export function createLinks(http: HttpClient, tokens: TokenStore): Links {
  return {
    create: (options) => http.call("POST", "/api/auth/link", options),
    async redeem(code, { signal } = {}) {
      const session = await http.call<Session>("POST", "/api/auth/link/redeem", {
        body: { code },
        anonymous: true,
        ...(signal && { signal }),
      });
      await tokens.write(session.token);
      return session.user;
    },
  };
}
