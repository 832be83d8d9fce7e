import type { Chatling } from "#schema/api.ts";
import { el } from "../element.ts";
import { strings } from "../strings.ts";

/** Rarity and elements as small labels. */
export function createChatlingFacts({ rarity, element, secondaryElement }: Chatling): HTMLElement {
  const elements = [element, secondaryElement].filter((each) => each !== null);
  return el(
    "span",
    { class: "chatling-facts" },
    el("span", { class: "rarity", attrs: { "data-rarity": rarity } }, strings.rarity[rarity] ?? rarity),
    ...elements.flatMap((each) => [
      " ",
      el("span", { class: "element", attrs: { "data-element": each } }, strings.element[each] ?? each),
    ]),
  );
}
