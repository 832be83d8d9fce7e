import * as z from "zod/mini";
import { Chatling, ChatlingPatch, NewChatling, PlayedRole, PageQuery } from "#schema/api.ts";
import type { StoredChatling } from "#schema/stored/chatling.ts";
import type { StoredView } from "#schema/stored/view.ts";
import { MAX_CHATLINGS } from "#data/repositories/chatlings.ts";
import { createTurns } from "../create-turns.ts";
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
  readonly toTraits: (chatling: Pick<StoredChatling, "personality" | "backstory">) => string[];
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

  const toWire = (stored: StoredChatling): Chatling => toChatling(stored, options.toTraits);
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
      handle: async ({ person, query }) => ({
        items: (await views.recent(person.userId, query.limit)).flatMap(toPlayedRoles),
      }),
    }),
  ];
}

export const collectionFull = (details?: unknown): ApiError =>
  new ApiError(422, "collection-full", `A collection holds at most ${MAX_CHATLINGS} chatlings.`, { details });

function toChatling(stored: StoredChatling, toTraits: ChatlingRoutesOptions["toTraits"]): Chatling {
  const { id, name, personality, backstory, rarity, element, secondaryElement, active, favorite } = stored;
  const traits = toTraits(stored);
  return { id, name, personality, backstory, rarity, element, secondaryElement, active, favorite, traits };
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

function toPlayedRoles(view: StoredView): PlayedRole[] {
  const { conversationId, topicText: topic, viewedAtMs } = view;
  return view.cast.map((member) => ({ conversationId, topic, viewedAtMs, ...member }));
}
