import type { Chatling } from "#schema/api.ts";
import type { Sitter } from "../avatar/features.ts";

/** What is known of my chatlings beyond a room's cast: how they look, and which are favorites. */
export interface Sitters {
  replace(chatlings: readonly Chatling[]): void;
  sitter(chatlingId: string): Sitter;
  isFavorite(chatlingId: string): boolean;
  setFavorite(chatlingId: string, favorite: boolean): void;
}

export function createSitters(): Sitters {
  let known = new Map<string, Chatling>();
  const favorites = new Set<string>();
  return {
    replace(chatlings) {
      known = new Map(chatlings.map((chatling) => [chatling.id, chatling]));
      favorites.clear();
      for (const { id, favorite } of chatlings) if (favorite) favorites.add(id);
    },
    sitter(chatlingId) {
      const { element, secondaryElement, rarity } = known.get(chatlingId) ?? {};
      return {
        id: chatlingId,
        ...(element && { element }),
        ...(rarity && { rarity }),
        secondaryElement: secondaryElement ?? null,
      };
    },
    isFavorite: (chatlingId) => favorites.has(chatlingId),
    setFavorite(chatlingId, favorite) {
      if (favorite) favorites.add(chatlingId);
      else favorites.delete(chatlingId);
    },
  };
}
