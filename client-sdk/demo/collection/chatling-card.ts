import type { Chatling } from "#schema/api.ts";
import { drawAvatar } from "../avatar/draw-avatar.ts";
import { toHue } from "../avatar/features.ts";
import { el } from "../element.ts";
import { toHash } from "../frame/route.ts";
import { createStarButton } from "../parts/star-button.ts";
import { strings } from "../strings.ts";
import { createChatlingFacts } from "./chatling-facts.ts";

export interface ChatlingCard {
  element: HTMLElement;
  /** Leads to the chatling's own page. */
  link: HTMLAnchorElement;
  update(chatling: Chatling): void;
}

/** A chatling in the collection: portrait, name, what it is, and the star. */
export function createChatlingCard(first: Chatling, favor: (wanted: boolean) => void): ChatlingCard {
  const name = el("bdi", { class: "chatling-name" }, first.name);
  const resting = el("span", { class: "resting-label" }, strings.collection.resting);
  const star = createStarButton(first.name, favor);
  const link = el("a", { class: "chatling-open", attrs: { href: toHash("chatlings", first.id) } }, name);
  const element = el(
    "li",
    { class: "chatling" },
    el("span", { class: "portrait" }, drawAvatar(first)),
    link,
    createChatlingFacts(first),
    resting,
    star.element,
  );
  element.dataset["chatling"] = first.id;
  element.style.setProperty("--hue", String(toHue(first)));

  function update(chatling: Chatling): void {
    name.textContent = chatling.name;
    star.element.setAttribute("aria-label", strings.favorite(chatling.name));
    star.update(chatling.favorite);
    resting.hidden = chatling.active;
    element.classList.toggle("asleep", !chatling.active);
  }

  update(first);
  return { element, link, update };
}
