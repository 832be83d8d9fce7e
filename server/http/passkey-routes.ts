import * as z from "zod/mini";
import { Session } from "#schema/api.ts";
import {
  Passkey,
  PasskeyCreationOptions,
  PasskeyRegistration,
  PasskeyRequestOptions,
  PasskeySignIn,
} from "#schema/passkey.ts";
import type { StoredPasskey } from "#schema/stored/passkey.ts";
import type { Passkeys } from "#data/repositories/passkeys.ts";
import type { Auth } from "../auth.ts";
import type { PasskeyDoor } from "../passkeys/create-passkeys.ts";
import { readRelyingParty } from "../passkeys/relying-party.ts";
import { notFound } from "./api-error.ts";
import { toSession } from "./auth-routes.ts";
import type { IsAllowedOrigin } from "./origin.ts";
import { defineRoute, type Route } from "./route.ts";

export interface PasskeyRoutesOptions {
  readonly door: PasskeyDoor;
  readonly passkeys: Pick<Passkeys, "listByUser" | "remove">;
  readonly auth: Pick<Auth, "openSession">;
  readonly isAllowedOrigin: IsAllowedOrigin;
}

const UNAVAILABLE = { "passkeys-unavailable": 422 };
const TOO_MANY = { "too-many-passkeys": 422 };
const REFUSED = { "passkey-refused": 422 };

/** Passkeys: they make a guest a lasting account. */
export function createPasskeyRoutes({
  door,
  passkeys,
  auth,
  isAllowedOrigin,
}: PasskeyRoutesOptions): Route[] {
  return [
    defineRoute({
      method: "POST",
      path: "/api/auth/passkey/register-options",
      summary: "Begin to register a passkey for my account: what navigator.credentials.create takes",
      access: "user",
      limit: "sign-in",
      answer: PasskeyCreationOptions,
      errors: { "not-found": 404, "guests-only": 422, ...UNAVAILABLE, ...TOO_MANY },
      handle: ({ person, headers }) =>
        door.startRegistration(person.userId, readRelyingParty(headers, isAllowedOrigin)),
    }),
    defineRoute({
      method: "POST",
      path: "/api/auth/passkey/register",
      summary: "Register the passkey that the browser made",
      access: "user",
      limit: "sign-in",
      body: PasskeyRegistration,
      status: 201,
      answer: Passkey,
      errors: {
        "not-found": 404,
        "passkey-taken": 409,
        "guests-only": 422,
        ...UNAVAILABLE,
        ...TOO_MANY,
        ...REFUSED,
      },
      handle: async ({ person, headers, body }) => {
        const party = readRelyingParty(headers, isAllowedOrigin);
        return toPasskey(await door.register(person.userId, party, body.response, body.label));
      },
    }),
    defineRoute({
      method: "POST",
      path: "/api/auth/passkey/sign-in-options",
      summary: "Begin to sign in by passkey: what navigator.credentials.get takes",
      access: "anyone",
      limit: "sign-in",
      answer: PasskeyRequestOptions,
      errors: UNAVAILABLE,
      handle: ({ headers }) => door.startSignIn(readRelyingParty(headers, isAllowedOrigin)),
    }),
    defineRoute({
      method: "POST",
      path: "/api/auth/passkey/sign-in",
      summary: "Sign in by what the passkey signed",
      access: "anyone",
      limit: "sign-in",
      body: PasskeySignIn,
      answer: Session,
      errors: { "passkey-unknown": 422, ...UNAVAILABLE, ...REFUSED },
      handle: async ({ headers, body }) => {
        const userId = await door.signIn(readRelyingParty(headers, isAllowedOrigin), body.response);
        return toSession(await auth.openSession(userId));
      },
    }),
    defineRoute({
      method: "GET",
      path: "/api/me/passkeys",
      summary: "My passkeys, oldest first",
      access: "user",
      limit: "read",
      answer: z.object({ items: z.array(Passkey) }),
      handle: async ({ person }) => ({ items: (await passkeys.listByUser(person.userId)).map(toPasskey) }),
    }),
    defineRoute({
      method: "DELETE",
      path: "/api/me/passkeys/:id",
      summary: "Take a passkey away; it signs nobody in any more",
      access: "user",
      limit: "write",
      status: 204,
      errors: { "not-found": 404 },
      handle: async ({ person, params }) => {
        if (!(await passkeys.remove(person.userId, params["id"] ?? ""))) throw notFound("passkey of yours");
      },
    }),
  ];
}

function toPasskey({ id, label, createdAtMs }: StoredPasskey): Passkey {
  return { id, label, createdAtMs };
}
