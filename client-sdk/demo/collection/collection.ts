import type { Chatling, ChatlingPatch, NewChatling, PlayedRole } from "#schema/api.ts";
import type { ParleyClient } from "../../create-client.ts";
import type { Sitters } from "../chatroom/sitters.ts";

/** As many views as the roles are read from. */
const ROLES_OF_VIEWS = 100;

/** My chatlings as the page knows them; every change is told to those who draw them. */
export interface Collection {
  /** Undefined until they have been loaded once. */
  readonly all: readonly Chatling[] | undefined;
  get(id: string): Chatling | undefined;
  /** How many may get parts. */
  awake(): number;
  load(): Promise<void>;
  create(wish: NewChatling): Promise<Chatling>;
  /** Shows at once, and is taken back where the server does not agree. */
  change(id: string, patch: ChatlingPatch): Promise<void>;
  /** What this one played lately, newest first. */
  roles(id: string): Promise<PlayedRole[]>;
  subscribe(listener: () => void): void;
}

export function createCollection(
  client: Pick<ParleyClient, "auth" | "chatlings" | "me">,
  sitters: Pick<Sitters, "replace">,
): Collection {
  const listeners = new Set<() => void>();
  let all: readonly Chatling[] | undefined;
  let changes = 0;

  function replace(chatlings: readonly Chatling[]): void {
    all = chatlings;
    sitters.replace(chatlings);
    for (const listener of listeners) listener();
  }

  function put(changed: Chatling): void {
    replace((all ?? []).map((chatling) => (chatling.id === changed.id ? changed : chatling)));
  }

  const get = (id: string) => all?.find((chatling) => chatling.id === id);

  return {
    get all() {
      return all;
    },
    get,
    awake: () => (all ?? []).filter(({ active }) => active).length,
    async load() {
      await client.auth.ensure();
      let listed: readonly Chatling[];
      let known: number;
      do {
        known = changes;
        listed = await client.chatlings.list();
        // What was changed meanwhile may be missing in it.
      } while (known !== changes);
      replace(listed);
    },
    async create(wish) {
      const made = await client.chatlings.create(wish);
      changes++;
      replace([...(all ?? []), made]);
      return made;
    },
    async change(id, patch) {
      const before = get(id);
      if (before) put({ ...before, ...patch } as Chatling);
      changes++;
      try {
        put(await client.chatlings.change(id, patch));
      } catch (error) {
        if (before) put(before);
        throw error;
      } finally {
        changes++;
      }
    },
    async roles(id) {
      const { items } = await client.me.roles({ limit: ROLES_OF_VIEWS });
      return items.filter(({ chatlingId }) => chatlingId === id);
    },
    subscribe(listener) {
      listeners.add(listener);
    },
  };
}
