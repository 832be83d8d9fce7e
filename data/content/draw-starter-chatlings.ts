import { readFileSync } from "node:fs";
import * as path from "node:path";
import { parse } from "yaml";
import * as z from "zod/mini";
import { ARCHETYPES, ELEMENTS, RARITIES } from "#schema/vocabulary.ts";

const StarterChatling = z.strictObject({
  name: z.string().check(z.minLength(1), z.maxLength(40)),
  /** The archetypes this one can play well. */
  plays: z.array(z.enum(ARCHETYPES)).check(z.minLength(2)),
  personality: z.string().check(z.minLength(1), z.maxLength(1000)),
  backstory: z.string(),
  rarity: z.enum(RARITIES),
  element: z.enum(ELEMENTS),
  secondaryElement: z.nullable(z.enum(ELEMENTS)),
});
export type StarterChatling = z.infer<typeof StarterChatling>;

const ChatlingFile = z.strictObject({ chatlings: z.array(StarterChatling).check(z.minLength(20)) });

const DRAWN = 5;
const ALL_PARTS = 1 << ARCHETYPES.length;
const CANDIDATES = 400;

interface Design {
  readonly chatling: StarterChatling;
  /** One bit per archetype it plays. */
  readonly plays: readonly number[];
}

let designs: readonly Design[] | undefined;

function readDesigns(): readonly Design[] {
  if (designs) return designs;
  const file = path.join(import.meta.dirname, "starter-chatlings.yaml");
  try {
    const { chatlings } = ChatlingFile.parse(parse(readFileSync(file, "utf8")));
    designs = chatlings.map((chatling) => ({
      chatling,
      plays: chatling.plays.map((archetype) => 1 << ARCHETYPES.indexOf(archetype)),
    }));
    return designs;
  } catch (cause) {
    throw new Error("starter-chatlings.yaml cannot be used", { cause });
  }
}

/** Every starter chatling there is. @throws Error when the content file is broken. */
export function readStarterChatlings(): StarterChatling[] {
  return readDesigns().map(({ chatling }) => chatling);
}

/**
 * Which sets of archetypes (as bits) the chatlings can play at once, each by one who plays it well:
 * every chatling in turn either adds one of its own archetypes to a set or sits out.
 */
function castableSets(chosen: readonly Design[]): Uint8Array {
  const castable = new Uint8Array(ALL_PARTS);
  castable[0] = 1;
  for (const { plays } of chosen) {
    for (let set = ALL_PARTS - 1; set >= 0; set--) {
      if (!castable[set]) continue;
      for (const bit of plays) castable[set | bit] = 1;
    }
  }
  return castable;
}

/** Number of casts of each size a set of chatlings plays without a misfit. */
function countCasts(chosen: readonly Design[]): number[] {
  const counts = Array.from({ length: DRAWN + 1 }, () => 0);
  castableSets(chosen).forEach((castable, set) => {
    if (!castable) return;
    let size = 0;
    for (let rest = set; rest > 0; rest &= rest - 1) size++;
    counts[size] = (counts[size] ?? 0) + 1;
  });
  return counts;
}

/** All 28 pairs, 56 trios, nearly all of the 70 fours and most of the 56 fives find a good cast. */
function castsWell(counts: readonly number[]): boolean {
  const [, , pairs = 0, trios = 0, fours = 0, fives = 0] = counts;
  return pairs === 28 && trios === 56 && fours >= 66 && fives >= 38;
}

/**
 * The five chatlings of a new user, all different; together they play all eight archetypes well, and nearly
 * every cast of two to five. `random` gives uniform numbers in [0, 1): the same ones, the same five.
 */
export function drawStarterChatlings(random: () => number): StarterChatling[] {
  const all = [...readDesigns()];
  let best: Design[] = [];
  let bestScore = -1;
  for (let candidate = 0; candidate < CANDIDATES; candidate++) {
    for (let i = 0; i < DRAWN; i++) {
      const j = i + Math.floor(random() * (all.length - i));
      [all[i], all[j]] = [all[j] as Design, all[i] as Design];
    }
    const chosen = all.slice(0, DRAWN);
    const counts = countCasts(chosen);
    const score = (counts[2] ?? 0) + (counts[3] ?? 0) + (counts[4] ?? 0) + (counts[5] ?? 0);
    if (score > bestScore) [best, bestScore] = [chosen, score];
    if (castsWell(counts)) break;
  }
  return best.map(({ chatling }) => chatling);
}
