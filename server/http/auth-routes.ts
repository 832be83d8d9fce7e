import { AdminLogin, GuestRequest, Session } from "#schema/api.ts";
import type { Auth, IssuedSession } from "../auth.ts";
import { readBearer } from "./mount-routes.ts";
import { defineRoute, type Route } from "./route.ts";

/** Becoming someone: guest, renewed, operator. */
export function createAuthRoutes(auth: Auth): Route[] {
  return [
    defineRoute({
      method: "POST",
      path: "/api/auth/guest",
      summary: "Become a guest who owns five starter chatlings",
      access: "anyone",
      limit: "new-guest",
      body: GuestRequest,
      status: 201,
      answer: Session,
      handle: async ({ body }) => toSession(await auth.createGuest(body.name)),
    }),
    defineRoute({
      method: "POST",
      path: "/api/auth/renew",
      summary: "A new token for a valid one, or one that expired less than 30 days ago",
      access: "anyone",
      limit: "sign-in",
      readsToken: true,
      answer: Session,
      handle: async ({ headers }) => toSession(await auth.renew(readBearer({ headers }))),
    }),
    defineRoute({
      method: "POST",
      path: "/api/auth/admin",
      summary: "Open an operator's session",
      access: "anyone",
      limit: "sign-in",
      body: AdminLogin,
      answer: Session,
      errors: { "wrong-password": 401 },
      handle: async ({ body }) => toSession(await auth.loginAdmin(body.password)),
    }),
  ];
}

/** A session as clients get it. */
export function toSession({ token, user }: IssuedSession): Session {
  return { token, user: { id: user.userId, name: user.name, role: user.role } };
}
