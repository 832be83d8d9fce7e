import { pick, type Rng } from "../rng.ts";
import { shareOf } from "./share-of.ts";
import { toContentWords } from "./tokens.ts";

/** A message by its content words. */
interface Said {
  readonly conversation: number;
  readonly words: ReadonlySet<string>;
}

/** Messages with fewer different content words say too little to be judged. */
const FEWEST_WORDS = 2;

/**
 * How often neighboring messages share a content word, 0 to 1, and how often the first of them and a message drawn from
 * another conversation do, which is what chance gives. Takes conversations as the tokens of their messages.
 */
export function measureSharedContent(
  conversations: readonly (readonly (readonly string[])[])[],
  rng: Rng,
): { readonly adjacent: number; readonly random: number } {
  const said = conversations.flatMap((messages, conversation) =>
    messages.map((message): Said => ({ conversation, words: toContentWords(message) })),
  );
  const neighbors = said
    .flatMap((first, at) => said.slice(at + 1, at + 2).map((second) => [first, second] as const))
    .filter((pair) => pair.every(isTelling) && pair[0].conversation === pair[1].conversation);
  const telling = said.filter(isTelling);
  const elsewhere = new Set(telling.map(({ conversation }) => conversation)).size > 1;
  const drawn = elsewhere
    ? neighbors.map(([first]) => [first, drawFromAnother(first, telling, rng)] as const)
    : [];
  return { adjacent: sharingShare(neighbors), random: sharingShare(drawn) };
}

const isTelling = ({ words }: Said): boolean => words.size >= FEWEST_WORDS;

function sharingShare(pairs: readonly (readonly [Said, Said])[]): number {
  return shareOf(pairs.filter(([one, other]) => !one.words.isDisjointFrom(other.words)).length, pairs.length);
}

/** Ends only if the messages come from more than one conversation. */
function drawFromAnother(first: Said, from: readonly Said[], rng: Rng): Said {
  for (;;) {
    const drawn = pick(rng, from);
    if (drawn.conversation !== first.conversation) return drawn;
  }
}
