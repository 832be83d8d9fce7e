import * as z from "zod/mini";
import { CollectionImport, PageQuery, type ListPage } from "#schema/api.ts";
import { UserCard, UserRow } from "#schema/desk.ts";
import type { StoredChatling } from "#schema/stored/chatling.ts";
import type { StoredUser } from "#schema/stored/user.ts";
import { MAX_CHATLINGS } from "#data/repositories/chatlings.ts";
import { ApiError, notFound } from "./api-error.ts";
import { collectionFull } from "./chatling-routes.ts";
import { defineRoute, type Route } from "./route.ts";
import { toTrustedUserId } from "../identity.ts";

export interface AdminPeopleOptions {
  readonly users: {
    create(user: StoredUser): Promise<void>;
    get(id: string): Promise<StoredUser | null>;
    list(page: { limit: number; cursor?: string | undefined }): Promise<ListPage<StoredUser>>;
    searchByName(
      text: string,
      page: { limit: number; cursor?: string | undefined },
    ): Promise<ListPage<StoredUser>>;
  };
  readonly chatlings: {
    listByOwner(ownerId: string): Promise<StoredChatling[]>;
    countByOwner(ownerId: string): Promise<number>;
    upsertImported(chatling: StoredChatling): Promise<unknown>;
  };
  readonly revoke: (userId: string) => Promise<void>;
  readonly onChatlingsChanged: (ownerId: string) => void;
  readonly newId: () => string;
  readonly nowMs: () => number;
}

const IMPORT_BYTES = 8 * 1024 * 1024;

/** Operators' view of users, and the import of the collections they already own elsewhere. */
export function createAdminPeopleRoutes(options: AdminPeopleOptions): Route[] {
  return [
    defineRoute({
      method: "GET",
      path: "/api/admin/users",
      summary: "Users, newest first, or those whose name holds all the words of `name`",
      access: "operator",
      limit: "read",
      query: z.extend(PageQuery, { name: z.optional(z.string().check(z.minLength(1), z.maxLength(100))) }),
      answer: z.object({ items: z.array(UserRow), nextCursor: z.optional(z.string()) }),
      handle: async ({ query: { name, ...page } }) => {
        const found = await (name ? options.users.searchByName(name, page) : options.users.list(page));
        return { ...found, items: found.items.map(toUserRow) };
      },
    }),
    defineRoute({
      method: "GET",
      path: "/api/admin/users/:id",
      summary: "One user",
      access: "operator",
      limit: "read",
      answer: UserCard,
      errors: { "not-found": 404 },
      handle: async ({ params }): Promise<UserCard> => {
        const user = await options.users.get(params["id"] ?? "");
        if (!user) throw notFound("user");
        const { tokensValidFromMs } = user;
        const chatlings = await options.chatlings.countByOwner(user.id);
        return { ...toUserRow(user), tokensValidFromMs, chatlings };
      },
    }),
    defineRoute({
      method: "POST",
      path: "/api/admin/users/:id/revoke",
      summary: "Refuse all tokens this user holds now",
      access: "operator",
      limit: "write",
      status: 204,
      errors: { "not-found": 404 },
      handle: async ({ params }) => {
        const user = await options.users.get(params["id"] ?? "");
        if (!user) throw notFound("user");
        await options.revoke(user.id);
      },
    }),
    defineRoute({
      method: "POST",
      path: "/api/admin/chatlings/import",
      summary: "Import users' existing collections; importing again updates what came from the same game",
      access: "operator",
      limit: "write",
      body: CollectionImport,
      maxBodyBytes: IMPORT_BYTES,
      answer: z.object({ users: z.number(), chatlings: z.number() }),
      errors: { "unknown-user": 422, "unclear-user": 422, "collection-full": 422 },
      handle: ({ body }) => importCollections(options, body),
    }),
  ];
}

async function importCollections(options: AdminPeopleOptions, { users }: CollectionImport) {
  // Everything is looked up before anything is written: a wrong id in the middle imports nothing.
  const owners: string[] = [];
  for (const [index, entry] of users.entries()) owners.push(await findOwner(options, entry, index));
  await requireRoom(options, users, owners);
  let chatlings = 0;
  for (const [index, entry] of users.entries()) {
    const ownerId = owners[index] ?? "";
    if (!entry.userId) await createOwner(options, entry, ownerId);
    for (const chatling of entry.chatlings) {
      const made = { id: options.newId(), ownerId, ownReactions: 0, createdAtMs: options.nowMs() };
      await options.chatlings.upsertImported({ ...chatling, ...made });
      chatlings++;
    }
    options.onChatlingsChanged(ownerId);
  }
  return { users: users.length, chatlings };
}

/** Refuses an import by which a collection would grow beyond what one may hold. */
async function requireRoom(
  { chatlings }: AdminPeopleOptions,
  users: CollectionImport["users"],
  owners: readonly string[],
): Promise<void> {
  const held = new Map<string, Set<string>>();
  for (const [index, entry] of users.entries()) {
    const ownerId = owners[index] ?? "";
    const ids =
      held.get(ownerId) ??
      new Set((await chatlings.listByOwner(ownerId)).map(({ id, externalId }) => externalId ?? `own ${id}`));
    held.set(ownerId, ids);
    for (const { externalId } of entry.chatlings) ids.add(externalId);
    if (ids.size > MAX_CHATLINGS) throw collectionFull({ index });
  }
}

type Entry = CollectionImport["users"][number];

async function findOwner(options: AdminPeopleOptions, entry: Entry, index: number): Promise<string> {
  if (entry.userId && !entry.issuer && !entry.subject) {
    if (await options.users.get(entry.userId)) return entry.userId;
    throw new ApiError(422, "unknown-user", "A user of the import does not exist.", { details: { index } });
  }
  if (!entry.userId && entry.issuer && entry.subject)
    return toTrustedUserId(entry.issuer, entry.subject).userId;
  throw new ApiError(422, "unclear-user", "Name each user by userId, or by issuer and subject.", {
    details: { index },
  });
}

/** A trusted game's user may be imported before their first visit. */
async function createOwner(options: AdminPeopleOptions, entry: Entry, id: string): Promise<void> {
  if (await options.users.get(id)) return;
  const nowMs = options.nowMs();
  await options.users.create({
    id,
    name: entry.name ?? "Player",
    role: "user",
    origin: "imported",
    subject: toTrustedUserId(entry.issuer ?? "", entry.subject ?? "").subject,
    createdAtMs: nowMs,
    lastSeenAtMs: nowMs,
    tokensValidFromMs: 0,
  });
}

const toUserRow = ({ id, name, role, origin, createdAtMs, lastSeenAtMs }: StoredUser): UserRow => ({
  id,
  name,
  role,
  origin,
  createdAtMs,
  lastSeenAtMs,
});
