import type { Chatling } from "#schema/api.ts";
import { el } from "../element.ts";
import { strings } from "../strings.ts";

const words = strings.collection;

/** Each trait with the words that gave it. */
export function createTraitList({ traitOrigins }: Pick<Chatling, "traitOrigins">): HTMLElement {
  if (traitOrigins.length === 0) return el("p", { class: "empty" }, words.noTraits);
  const rows = traitOrigins.map(({ trait, words: said, source }) =>
    el(
      "li",
      {},
      el("strong", { class: "trait" }, trait),
      " ",
      el("span", { class: "hint" }, words.becauseOf(said, words[SOURCES[source]].toLowerCase())),
    ),
  );
  return el("ul", { class: "traits" }, ...rows);
}

const SOURCES = { personality: "character", backstory: "backstory" } as const;
