/**
 * Filler lists that bring geese, teapots and other things from nowhere into the talk: for light topics only, and best in
 * small doses there.
 */
export const PLAYFUL_FILLERS: ReadonlySet<string> = new Set([
  "object",
  "animal",
  "prize",
  "treat",
  "chore",
  "rather",
  "effort",
  "wow",
  "laugh",
  "laughed",
  "mourn",
  "party",
  "vanished",
  "everywhere",
]);
