import { NOUN_SLOTS } from "../frame.ts";
import type { Token } from "../frame.ts";
import type { WriterContent } from "../read-content.ts";
import { textsBeforeSlots } from "./texts-before-slots.ts";
import { writePattern } from "./write-pattern.ts";

/** "That" is no article in "you hold that {good} helps", but it is behind a preposition or at the beginning. */
const DETERMINER =
  /(?:^|[^\p{L}'’])(?:an?|a\(n\)|the|no|any|every|each|my|your|our|this|these|those|some|more|much|(?:^|\b(?:of|with|for|at|in|on|about|to|like|from) )that) $/iu;

const INDEFINITE = /(?:^|[^\p{L}'’])(an?) $/iu;
const SPOKEN_VOWEL = /^(?:[aeiou](?!ni(?:que|ted|form)|s[eu])|hour|hon)/i;

/** Articles before slots that bring their own, or before fillers some of which want the other form. */
export function findArticleSlips(tokens: readonly Token[], content: WriterContent): string[] {
  const slips = textsBeforeSlots(tokens).flatMap(({ slot, before }) =>
    before.flatMap((text) => {
      if (NOUN_SLOTS.has(slot)) {
        const word = DETERMINER.exec(text)?.[0].trim();
        return word ? [`a whole noun phrase stands there: ${word} {${slot}}`] : [];
      }
      const article = INDEFINITE.exec(text)?.[1];
      const fits = article && suitsAll(article.toLowerCase(), slot, content);
      return article && !fits ? [`a(n) must stand before it: ${article} {${slot}}`] : [];
    }),
  );
  return [...new Set(slips)];
}

function suitsAll(article: string, slot: string, { fillers }: WriterContent): boolean {
  const list = fillers.get(slot) ?? [];
  return list.every((filler) => SPOKEN_VOWEL.test(writePattern(filler)) === (article === "an"));
}
