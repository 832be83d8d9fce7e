import { Me, RenameRequest } from "#schema/api.ts";
import * as z from "zod/mini";
import type { StoredUser } from "#schema/stored/user.ts";
import { notFound } from "./api-error.ts";
import { defineRoute, type Route } from "./route.ts";

export interface MeRoutesOptions {
  readonly getUser: (userId: string) => Promise<StoredUser | null>;
  readonly rename: (userId: string, name: string) => Promise<StoredUser | null>;
  readonly exportAll: (userId: string) => Promise<Record<string, unknown>>;
  /** Erases everything of theirs and ends their live sessions. */
  readonly erase: (userId: string) => Promise<void>;
}

/** My profile, everything of mine, and its end. */
export function createMeRoutes(options: MeRoutesOptions): Route[] {
  return [
    defineRoute({
      method: "GET",
      path: "/api/me",
      summary: "Who I am here",
      access: "user",
      limit: "read",
      answer: Me,
      errors: { "not-found": 404 },
      handle: async ({ person }) => toMe(await options.getUser(person.userId)),
    }),
    defineRoute({
      method: "PATCH",
      path: "/api/me",
      summary: "Change my name",
      access: "user",
      limit: "write",
      body: RenameRequest,
      answer: Me,
      errors: { "not-found": 404 },
      handle: async ({ person, body }) => toMe(await options.rename(person.userId, body.name)),
    }),
    defineRoute({
      method: "DELETE",
      path: "/api/me",
      summary: "Erase everything of mine, for good",
      access: "user",
      limit: "write",
      status: 204,
      handle: ({ person }) => options.erase(person.userId),
    }),
    defineRoute({
      method: "GET",
      path: "/api/me/export",
      summary: "Everything of mine as JSON",
      access: "user",
      limit: "write",
      answer: z.record(z.string(), z.unknown()),
      handle: ({ person }) => options.exportAll(person.userId),
    }),
  ];
}

function toMe(user: StoredUser | null): Me {
  if (!user) throw notFound("user");
  return { id: user.id, name: user.name, role: user.role };
}
