import type { StoredChatling } from "#schema/stored/chatling.ts";

type Text = Pick<
  StoredChatling,
  "name" | "personality" | "backstory" | "element" | "secondaryElement" | "rarity"
>;

const TEXTS: readonly Text[] = [
  {
    name: "Embra",
    personality: "Cheerful and energetic, loves jokes and makes friends everywhere.",
    backstory: "Hatched in a bakery oven and has been warm ever since.",
    element: "fire",
    secondaryElement: "light",
    rarity: "common",
  },
  {
    name: "Grott",
    personality: "Serious and careful; doubts everything until there is proof.",
    backstory: "Grew up in a library and has read most of it.",
    element: "earth",
    secondaryElement: null,
    rarity: "uncommon",
  },
  {
    name: "Lull",
    personality: "Calm and patient, a gentle listener of few words.",
    backstory: "Drifted down a slow river for a hundred years.",
    element: "water",
    secondaryElement: null,
    rarity: "common",
  },
  {
    name: "Brand",
    personality: "Bold and stubborn, takes charge and breaks rules.",
    backstory: "Ran away from a royal court.",
    element: "metal",
    secondaryElement: "fire",
    rarity: "rare",
  },
  {
    name: "Pip",
    personality: "Shy and a little nervous, but endlessly curious.",
    backstory: "Watched the town from a chimney for years.",
    element: "air",
    secondaryElement: null,
    rarity: "common",
  },
];

/** Five chatlings as a new player may own, for tests. */
export function createStarters(): StoredChatling[] {
  return TEXTS.map((text, i) => ({
    ...text,
    id: `chatling-${i}`,
    ownerId: "user",
    active: true,
    favorite: false,
    ownReactions: 0,
    createdAtMs: 0,
  }));
}
