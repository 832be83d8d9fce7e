import { Session } from "#schema/api.ts";
import { LinkCode, LinkRedemption } from "#schema/passkey.ts";
import type { Auth } from "../auth.ts";
import type { Linking } from "../passkeys/create-linking.ts";
import { toSession } from "./auth-routes.ts";
import { defineRoute, type Route } from "./route.ts";

export interface LinkRoutesOptions {
  readonly linking: Linking;
  readonly auth: Pick<Auth, "openSession">;
}

/** One-time codes, which carry an account to a second device. */
export function createLinkRoutes({ linking, auth }: LinkRoutesOptions): Route[] {
  return [
    defineRoute({
      method: "POST",
      path: "/api/auth/link",
      summary: "A one-time code, good for ten minutes, that signs a second device in as me",
      access: "user",
      limit: "sign-in",
      status: 201,
      answer: LinkCode,
      errors: { "not-found": 404, "guests-only": 422 },
      handle: ({ person }) => linking.create(person.userId),
    }),
    defineRoute({
      method: "POST",
      path: "/api/auth/link/redeem",
      summary: "Sign in as whoever made this code",
      access: "anyone",
      limit: "sign-in",
      body: LinkRedemption,
      answer: Session,
      errors: { "link-code-invalid": 422 },
      handle: async ({ body }) => toSession(await auth.openSession(await linking.redeem(body.code))),
    }),
  ];
}
