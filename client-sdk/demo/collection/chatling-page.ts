import type { Chatling, ChatlingPatch } from "#schema/api.ts";
import { drawAvatar } from "../avatar/draw-avatar.ts";
import { toHue } from "../avatar/features.ts";
import { el } from "../element.ts";
import { toHash } from "../frame/route.ts";
import { icon } from "../parts/icons.ts";
import { createLoadedPart } from "../parts/loaded-part.ts";
import { createStarButton } from "../parts/star-button.ts";
import { strings } from "../strings.ts";
import { createAwakeSwitch } from "./awake-switch.ts";
import { createCharacterEditor } from "./character-editor.ts";
import { createChatlingFacts } from "./chatling-facts.ts";
import type { Collection } from "./collection.ts";
import { createNameEditor } from "./name-editor.ts";
import { createRoleList } from "./role-list.ts";
import { createTooFewNote } from "./too-few-note.ts";
import { createTraitList } from "./trait-list.ts";

const words = strings.collection;

export interface ChatlingPage {
  element: HTMLElement;
  update(chatling: Chatling): void;
}

/** All about one chatling: its name, whether it takes parts, its character, traits and roles. */
export function createChatlingPage(
  first: Chatling,
  deps: {
    collection: Collection;
    /** Asks for a change; `done` is what is said when it has been made. */
    change(id: string, patch: ChatlingPatch, done?: string): Promise<void>;
    say(text: string): void;
  },
): ChatlingPage {
  const { id } = first;
  const name = createNameEditor((wanted) => void deps.change(id, { name: wanted }, words.renamed(wanted)));
  const star = createStarButton(first.name, (favorite) => void deps.change(id, { favorite }));
  const awake = createAwakeSwitch((active) => void deps.change(id, { active }));
  const character = createCharacterEditor(async (wanted) => {
    await deps.collection.change(id, wanted);
    deps.say(words.rewritten);
  });
  const traits = el("div", {});
  const tooFew = createTooFewNote(deps.collection);
  const roles = createLoadedPart({
    load: () => deps.collection.roles(id),
    draw: (played) => createRoleList(played, deps.collection.get(id) ?? first),
  });
  const element = el(
    "article",
    { class: "page-inside chatling-page" },
    createBackLink(),
    el(
      "header",
      { class: "chatling-hero" },
      el("span", { class: "portrait" }, drawAvatar(first, "positive")),
      el("div", { class: "chatling-title" }, name.element, createChatlingFacts(first)),
      star.element,
    ),
    awake.element,
    tooFew.element,
    el("p", { class: "hint" }, words.fromNextConversation),
    character.element,
    el("h2", {}, words.traits),
    traits,
    el("h2", {}, words.roles),
    roles.element,
  );
  element.style.setProperty("--hue", String(toHue(first)));

  function update(chatling: Chatling): void {
    name.update(chatling.name);
    star.element.setAttribute("aria-label", strings.favorite(chatling.name));
    star.update(chatling.favorite);
    awake.update(chatling.active);
    character.update(chatling);
    traits.replaceChildren(createTraitList(chatling));
    tooFew.update();
  }

  update(first);
  void roles.load();
  return { element, update };
}

/** Back to the whole collection. */
export function createBackLink(): HTMLElement {
  return el("a", { class: "back", attrs: { href: toHash("chatlings") } }, icon("back"), words.all);
}
