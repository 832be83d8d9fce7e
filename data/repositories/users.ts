import { StoredUser } from "#schema/stored/user.ts";
import type { Page, Store } from "../collection.ts";
import { defineCollection } from "../define-collection.ts";
import { type PageRequest, toFindOptions } from "./page-request.ts";

const declaration = defineCollection({
  name: "users",
  version: 1,
  record: StoredUser,
  indexes: {
    bySubject: { fields: ["subject"], unique: true, sparse: true },
    byCreation: { fields: ["createdAtMs"] },
  },
  sealed: { owner: "id", fields: ["name"], words: { name: "store" } },
});

const ACCESS_FIELDS = ["role", "tokensValidFromMs", "lastSeenAtMs"] as const;
export type UserAccess = Pick<StoredUser, "id" | (typeof ACCESS_FIELDS)[number]>;

/** When somebody came first and last. */
export type Newcomer = Pick<StoredUser, "id" | "createdAtMs" | "lastSeenAtMs">;

export interface Users {
  /** @throws DuplicateKeyError when the id or the subject is taken */
  create(user: StoredUser): Promise<void>;
  get(id: string): Promise<StoredUser | null>;
  /** What decides whether a token holds; read on nearly every request, so nothing sealed is opened for it. */
  getAccess(id: string): Promise<UserAccess | null>;
  /** The user of a trusted issuer, by the hash of issuer and subject. */
  getBySubject(subject: string): Promise<StoredUser | null>;
  rename(id: string, name: string, nowMs: number): Promise<StoredUser | null>;
  /** Notes that the user was here; an earlier moment changes nothing. */
  touch(id: string, atMs: number): Promise<void>;
  /** From now on, tokens issued before this moment are refused; never moves back. */
  revokeTokens(id: string, fromMs: number): Promise<StoredUser | null>;
  /** Deletes the user, and makes everything sealed for them unreadable for good. False when there was none. */
  remove(id: string): Promise<boolean>;
  /** Newest first. */
  list(request: PageRequest): Promise<Page<StoredUser>>;
  /** Users whose name has all of these words. */
  searchByName(text: string, request: PageRequest): Promise<Page<StoredUser>>;
  count(): Promise<number>;
  /** People who came by themselves, first within [fromMs, untilMs); at most `limit` are looked at, newest first. */
  newcomers(fromMs: number, untilMs: number, limit: number): Promise<Newcomer[]>;
}

export async function openUsers(store: Store): Promise<Users> {
  const users = await store.collection(declaration);
  return {
    create: async (user) => await users.insert(user),
    get: async (id) => await users.get(id),
    getAccess: async (id) => await users.getFields(id, ACCESS_FIELDS),
    getBySubject: async (subject) => await users.getBy("bySubject", { subject }),
    rename: async (id, name, nowMs) => await users.patch(id, { set: { name }, max: { lastSeenAtMs: nowMs } }),
    async touch(id, atMs) {
      await users.patch(id, { max: { lastSeenAtMs: atMs } }, { lastSeenAtMs: { lt: atMs } });
    },
    revokeTokens: async (id, fromMs) => await users.patch(id, { max: { tokensValidFromMs: fromMs } }),
    async remove(id) {
      // The key goes first: should the rest not happen, what is left is unreadable and reads as gone.
      await store.shredUser(id);
      return await users.delete(id);
    },
    list: async (request) => await users.find({ index: "byCreation", reverse: true }, toFindOptions(request)),
    searchByName: async (text, request) => await users.searchWords("name", text, toFindOptions(request)),
    count: async () => await users.count({ index: "byCreation" }),
    async newcomers(fromMs, untilMs, limit) {
      const query = { index: "byCreation", range: { gte: fromMs, lt: untilMs }, reverse: true } as const;
      const fields = ["createdAtMs", "lastSeenAtMs", "role", "origin"] as const;
      const { items } = await users.findFields(query, fields, { limit, paged: false });
      return items
        .filter(({ role, origin }) => role === "user" && origin !== "imported")
        .map(({ id, createdAtMs, lastSeenAtMs }) => ({ id, createdAtMs, lastSeenAtMs }));
    },
  };
}
