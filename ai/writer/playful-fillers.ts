/** Filler lists that bring geese, wet socks and laughter into the talk: for light topics only. */
export const PLAYFUL_FILLERS: ReadonlySet<string> = new Set([
  "animal",
  "treat",
  "chore",
  "wow",
  "laugh",
  "laughed",
]);
