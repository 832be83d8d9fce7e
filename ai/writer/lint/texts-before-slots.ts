import type { Token } from "../frame.ts";

/** As much of the text before a slot as an article with a preposition needs. */
const REACH = 16;

interface SlotInText {
  readonly slot: string;
  /** The ends of all that may stand right before it; "…" for what another slot brings. */
  readonly before: readonly string[];
}

/** Every slot of a pattern with the texts that may stand right before it. */
export function textsBeforeSlots(tokens: readonly Token[]): SlotInText[] {
  const found: SlotInText[] = [];
  collect(tokens, [""], found);
  return found;
}

/** Gives the texts that may stand right behind the tokens. */
function collect(
  tokens: readonly Token[],
  before: readonly string[],
  found: SlotInText[],
): readonly string[] {
  let ends = before;
  for (const token of tokens) {
    if (token.type === "text") ends = ends.map((end) => (end + token.value).slice(-REACH));
    else if (token.type === "choice")
      ends = [...new Set(token.options.flatMap((option) => collect(option, ends, found)))];
    else {
      if (token.type === "slot") found.push({ slot: token.name, before: ends });
      ends = ["…"];
    }
  }
  return ends;
}
