import * as z from "zod/mini";
import { Chatling, ChatlingPatch, NewChatling, PlayedRole, PageQuery } from "#schema/api.ts";
import type { StoredChatling } from "#schema/stored/chatling.ts";
import type { StoredConversation } from "#schema/stored/conversation.ts";
import type { StoredView } from "#schema/stored/view.ts";
import { MAX_CHATLINGS } from "#data/repositories/chatlings.ts";
import { createTurns } from "../create-turns.ts";
import { explainRole } from "../explain-role.ts";
import { ApiError, notFound } from "./api-error.ts";
import { defineRoute, type Route } from "./route.ts";

export interface ChatlingRoutesOptions {
  readonly chatlings: {
    listByOwner(ownerId: string): Promise<StoredChatling[]>;
    countByOwner(ownerId: string): Promise<number>;
    insertMany(chatlings: readonly StoredChatling[]): Promise<unknown>;
    patch(ownerId: string, id: string, patch: ChatlingPatch): Promise<StoredChatling | null>;
  };
  readonly views: { recent(userId: string, limit: number): Promise<StoredView[]> };
  /** The conversation while it is kept. */
  readonly getConversation: (id: string) => Promise<StoredConversation | null>;
  readonly readTraits: (
    chatling: Pick<StoredChatling, "personality" | "backstory">,
  ) => Pick<Chatling, "traits" | "traitOrigins">;
  readonly newId: () => string;
  readonly nowMs: () => number;
  /** Called when a collection changed, so that casts are drawn from the new one. */
  readonly onChanged: (ownerId: string) => void;
}

/** My collection, and the roles it played lately. */
export function createChatlingRoutes(options: ChatlingRoutesOptions): Route[] {
  const { chatlings, views } = options;
  const takeTurn = createTurns();

  /** Counting and adding go together, or several at once would pass the limit. */
  async function add(made: StoredChatling): Promise<void> {
    if ((await chatlings.countByOwner(made.ownerId)) >= MAX_CHATLINGS) throw collectionFull();
    await chatlings.insertMany([made]);
    options.onChanged(made.ownerId);
  }

  async function readRoles(userId: string, limit: number): Promise<PlayedRole[]> {
    const [seen, owned] = await Promise.all([views.recent(userId, limit), chatlings.listByOwner(userId)]);
    const byId = new Map(owned.map((chatling) => [chatling.id, chatling]));
    const roles = seen.map(async (view) =>
      toPlayedRoles(view, await options.getConversation(view.conversationId), byId),
    );
    return (await Promise.all(roles)).flat();
  }

  const toWire = (stored: StoredChatling): Chatling => toChatling(stored, options.readTraits);
  return [
    defineRoute({
      method: "GET",
      path: "/api/me/chatlings",
      summary: "My chatlings, oldest first",
      access: "user",
      limit: "read",
      answer: z.object({ items: z.array(Chatling) }),
      handle: async ({ person }) => ({ items: (await chatlings.listByOwner(person.userId)).map(toWire) }),
    }),
    defineRoute({
      method: "POST",
      path: "/api/me/chatlings",
      summary: "Make a chatling from a few words about its character",
      access: "user",
      limit: "write",
      body: NewChatling,
      status: 201,
      answer: Chatling,
      errors: { "collection-full": 422 },
      handle: async ({ person, body }) => {
        const made = toNewChatling(person.userId, body, options);
        await takeTurn(person.userId, () => add(made));
        return toWire(made);
      },
    }),
    defineRoute({
      method: "PATCH",
      path: "/api/me/chatlings/:id",
      summary: "Rename a chatling, rewrite its character, favour it, or send it to rest",
      access: "user",
      limit: "write",
      body: ChatlingPatch,
      answer: Chatling,
      errors: { "not-found": 404 },
      handle: async ({ person, params, body }) => {
        const changed = await chatlings.patch(person.userId, params["id"] ?? "", body);
        if (!changed) throw notFound("chatling of yours");
        options.onChanged(person.userId);
        return toWire(changed);
      },
    }),
    defineRoute({
      method: "GET",
      path: "/api/me/roles",
      summary: "Roles my chatlings played lately, newest first, with how well each fitted (0–10)",
      access: "user",
      limit: "read",
      query: z.pick(PageQuery, { limit: true }),
      answer: z.object({ items: z.array(PlayedRole) }),
      handle: async ({ person, query }) => ({ items: await readRoles(person.userId, query.limit) }),
    }),
  ];
}

export const collectionFull = (details?: unknown): ApiError =>
  new ApiError(422, "collection-full", `A collection holds at most ${MAX_CHATLINGS} chatlings.`, { details });

function toChatling(stored: StoredChatling, readTraits: ChatlingRoutesOptions["readTraits"]): Chatling {
  const { id, name, personality, backstory, rarity, element, secondaryElement, active, favorite } = stored;
  const looks = { rarity, element, secondaryElement };
  return { id, name, personality, backstory, ...looks, active, favorite, ...readTraits(stored) };
}

function toNewChatling(ownerId: string, wish: NewChatling, options: ChatlingRoutesOptions): StoredChatling {
  return {
    id: options.newId(),
    ownerId,
    name: wish.name,
    personality: wish.personality,
    backstory: wish.backstory ?? "",
    // Rarity is earned in the game, so a creature someone makes is a common one.
    rarity: "common",
    element: wish.element ?? "nature",
    secondaryElement: wish.secondaryElement ?? null,
    active: true,
    favorite: false,
    ownReactions: 0,
    createdAtMs: options.nowMs(),
  };
}

function toPlayedRoles(
  view: StoredView,
  conversation: StoredConversation | null,
  chatlings: ReadonlyMap<string, StoredChatling>,
): PlayedRole[] {
  const { conversationId, topicText: topic, viewedAtMs } = view;
  return view.cast.map((member) => {
    const fit = explainRole(member, conversation, chatlings.get(member.chatlingId));
    return { conversationId, topic, viewedAtMs, ...member, ...(fit && { fit }) };
  });
}
