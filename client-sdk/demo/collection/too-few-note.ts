import { el } from "../element.ts";
import { strings } from "../strings.ts";
import type { Collection } from "./collection.ts";

const FEWEST_AWAKE = 2;

/** Says what it means that fewer than two chatlings are awake; nothing otherwise. */
export function createTooFewNote(collection: Pick<Collection, "all" | "awake">): {
  element: HTMLElement;
  update(): void;
} {
  const element = el("p", { class: "note", attrs: { role: "status" } });
  return {
    element,
    update() {
      const awake = collection.awake();
      const text = collection.all && awake < FEWEST_AWAKE ? strings.collection.tooFew(awake) : "";
      if (element.textContent !== text) element.textContent = text;
    },
  };
}
