import type { StoredChatling } from "#schema/stored/chatling.ts";

/** One of Ann's chatlings, for tests. */
export const chatling = (id: string, changes: Partial<StoredChatling> = {}): StoredChatling => ({
  id,
  ownerId: "ann",
  name: `Name of ${id}`,
  personality: "cheerful and brave",
  backstory: "",
  rarity: "rare",
  element: "fire",
  secondaryElement: null,
  active: true,
  favorite: false,
  ownReactions: 0,
  createdAtMs: 1000,
  ...changes,
});
