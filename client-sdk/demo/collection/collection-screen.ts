import type { ChatlingPatch } from "#schema/api.ts";
import { el } from "../element.ts";
import { toHash } from "../frame/route.ts";
import type { Screen } from "../frame/screen.ts";
import { icon } from "../parts/icons.ts";
import { createFailedLoad } from "../parts/loaded-part.ts";
import { strings } from "../strings.ts";
import { createChatlingCard, type ChatlingCard } from "./chatling-card.ts";
import { createBackLink, createChatlingPage, type ChatlingPage } from "./chatling-page.ts";
import type { Collection } from "./collection.ts";
import { createCreateForm } from "./create-form.ts";
import { createTooFewNote } from "./too-few-note.ts";

const words = strings.collection;
/** In the address, in place of an id. */
const NEW = "new";

/** My collection: all chatlings, the page of one, and the making of a new one. */
export function createCollectionScreen(deps: {
  collection: Collection;
  /** Says shortly what was done, or that it was not. */
  say(text: string): void;
  retitle(): void;
}): Screen {
  const { collection } = deps;
  const cards = new Map<string, ChatlingCard>();
  let openId: string | undefined;
  let page: ChatlingPage | undefined;

  const count = el("p", { class: "hint" }, strings.loading);
  const tooFew = createTooFewNote(collection);
  const grid = el("ul", { class: "chatlings" });
  const status = el("div", {});
  const list = el(
    "div",
    { class: "page" },
    el(
      "div",
      { class: "page-inside" },
      el(
        "div",
        { class: "page-head" },
        el("div", {}, el("h1", {}, words.title), count),
        el(
          "a",
          { class: "button primary create", attrs: { href: toHash("chatlings", NEW) } },
          icon("plus"),
          words.create,
        ),
      ),
      tooFew.element,
      status,
      grid,
    ),
  );
  const form = createCreateForm({
    create: (wish) => collection.create(wish),
    created(made) {
      deps.say(strings.create.done(made.name));
      // In place of the form, so that "back" leads to the collection.
      location.replace(toHash("chatlings", made.id));
    },
  });
  const making = el(
    "div",
    { class: "page-inside" },
    createBackLink(),
    el("h1", {}, strings.create.title),
    form.element,
  );
  const detail = el("div", { class: "page offstage" });
  const element = el("div", { class: "screen stacked" }, list, detail);

  async function change(id: string, patch: ChatlingPatch, done?: string): Promise<void> {
    try {
      await collection.change(id, patch);
      if (done !== undefined) deps.say(done);
    } catch {
      deps.say(words.failed);
    }
  }

  function update(): void {
    const all = collection.all ?? [];
    count.textContent = words.count(all.length, collection.awake());
    tooFew.update();
    for (const chatling of all) {
      const card = cards.get(chatling.id);
      if (card) card.update(chatling);
      else {
        const made = createChatlingCard(chatling, (favorite) => void change(chatling.id, { favorite }));
        cards.set(chatling.id, made);
        grid.append(made.element);
      }
    }
    const opened = openId === undefined ? undefined : collection.get(openId);
    if (opened && page) page.update(opened);
    else if (openId !== undefined && openId !== NEW) openPage(openId);
    deps.retitle();
  }

  /** Shows the page of a chatling, as soon as it is known. */
  function openPage(id: string): void {
    const chatling = collection.get(id);
    page = chatling && createChatlingPage(chatling, { collection, change, say: (text) => deps.say(text) });
    const unknown = collection.all ? words.unknown : strings.loading;
    detail.replaceChildren(
      page?.element ?? el("div", { class: "page-inside" }, createBackLink(), el("h1", {}, unknown)),
    );
    detail.scrollTop = 0;
  }

  async function load(): Promise<void> {
    try {
      await collection.load();
      status.replaceChildren();
    } catch {
      if (!collection.all) count.textContent = "";
      status.replaceChildren(createFailedLoad(() => void load()));
    }
  }

  collection.subscribe(update);

  return {
    element,
    title() {
      if (openId === NEW) return strings.create.title;
      return (openId !== undefined && collection.get(openId)?.name) || words.title;
    },
    enter([id]) {
      const left = openId;
      openId = id;
      page = undefined;
      list.classList.toggle("offstage", id !== undefined);
      detail.classList.toggle("offstage", id === undefined);
      if (id === NEW) {
        form.enter();
        detail.replaceChildren(making);
      } else if (id !== undefined) openPage(id);
      void load();
      if (id !== undefined) return detail.querySelector("h1") ?? undefined;
      return left === undefined ? undefined : cards.get(left)?.link;
    },
  };
}
