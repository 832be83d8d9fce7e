import type { Chatling, ChatlingPatch, ListPage, Me, NewChatling, PlayedRole } from "#schema/api.ts";
import type { HttpClient } from "./http-client.ts";

/** A call that may be given up. */
export interface Abortable {
  signal?: AbortSignal;
}

export interface Account {
  get(options?: Abortable): Promise<Me>;
  rename(name: string, options?: Abortable): Promise<Me>;
  /** Everything the server keeps about this user. */
  export(options?: Abortable): Promise<unknown>;
  /** Erases the user and everything of theirs, for good. */
  erase(options?: Abortable): Promise<void>;
  /** Roles my chatlings played lately, with how well they fitted (0–10). */
  roles(options?: Abortable & { limit?: number; cursor?: string }): Promise<ListPage<PlayedRole>>;
}

export interface Chatlings {
  list(options?: Abortable): Promise<Chatling[]>;
  create(chatling: NewChatling, options?: Abortable): Promise<Chatling>;
  change(id: string, patch: ChatlingPatch, options?: Abortable): Promise<Chatling>;
}

export function createAccount(http: HttpClient): Account {
  return {
    get: (options) => http.call("GET", "/api/me", options),
    rename: (name, options) => http.call("PATCH", "/api/me", { ...options, body: { name } }),
    export: (options) => http.call("GET", "/api/me/export", options),
    erase: (options) => http.call("DELETE", "/api/me", options),
    roles: ({ signal, ...query } = {}) =>
      http.call("GET", "/api/me/roles", { query, ...(signal && { signal }) }),
  };
}

export function createChatlings(http: HttpClient): Chatlings {
  return {
    async list(options) {
      const answer = await http.call<ListPage<Chatling>>("GET", "/api/me/chatlings", options);
      return answer.items;
    },
    create: (chatling, options) => http.call("POST", "/api/me/chatlings", { ...options, body: chatling }),
    change: (id, patch, options) =>
      http.call("PATCH", `/api/me/chatlings/${encodeURIComponent(id)}`, { ...options, body: patch }),
  };
}
