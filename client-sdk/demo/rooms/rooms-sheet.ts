import type { LiveChatroom, Topic } from "#schema/api.ts";
import { DIFFICULTIES, type Difficulty } from "#schema/vocabulary.ts";
import { el } from "../element.ts";
import { icon } from "../parts/icons.ts";
import { strings } from "../strings.ts";

export interface Wish {
  topicId?: string;
  difficulty?: Difficulty;
}

const words = strings.rooms;

/** Where one chooses what to watch: how deep, a room that is live, or a topic. */
export function createRoomsSheet(deps: {
  loadRooms(): Promise<readonly LiveChatroom[]>;
  loadTopics(): Promise<readonly Topic[]>;
  choose(wish: Wish): void;
}): { element: HTMLDialogElement; open(): void } {
  let depth: Difficulty | "" = "";
  const live = el("div", { class: "sheet-list" });
  const topics = el("div", { class: "sheet-topics" });
  const title = el("h2", { attrs: { id: "rooms-title" } }, words.title);
  const element = el(
    "dialog",
    { class: "sheet", attrs: { "aria-labelledby": "rooms-title" }, on: { click: onBackdrop } },
    el(
      "div",
      { class: "sheet-inside" },
      el(
        "header",
        { class: "sheet-head" },
        title,
        el(
          "button",
          {
            class: "close",
            attrs: { type: "button", "aria-label": words.close },
            on: { click: () => element.close() },
          },
          icon("close"),
        ),
      ),
      el("fieldset", { class: "depths" }, el("legend", {}, words.depth), ...drawDepths()),
      el("button", { class: "button primary surprise", on: { click: () => choose({}) } }, words.surprise),
      el("h3", {}, words.live),
      live,
      el("h3", {}, words.topics),
      topics,
    ),
  );

  function drawDepths(): HTMLElement[] {
    return (["", ...DIFFICULTIES] as const).map((value) =>
      el(
        "label",
        { class: "depth-choice" },
        el("input", {
          attrs: { type: "radio", name: "depth", value, checked: value === "" },
          on: {
            change: () => {
              depth = value;
              void fillRooms();
            },
          },
        }),
        el("span", {}, value === "" ? strings.difficultyAny : (strings.difficulty[value] ?? value)),
      ),
    );
  }

  function onBackdrop(event: MouseEvent): void {
    if (event.target === element) element.close();
  }

  function choose(wish: Wish): void {
    element.close();
    deps.choose(depth === "" ? wish : { difficulty: depth, ...wish });
  }

  async function fillRooms(): Promise<void> {
    const wanted = depth;
    await fill(
      live,
      () => deps.loadRooms(),
      words.liveEmpty,
      (room) =>
        wanted !== "" && room.difficulty !== wanted
          ? null
          : el(
              "button",
              {
                class: "room",
                attrs: { type: "button" },
                on: { click: () => choose({ topicId: room.topicId, difficulty: room.difficulty }) },
              },
              el("span", { class: "room-topic" }, room.topic),
              el(
                "span",
                { class: "room-facts" },
                strings.difficulty[room.difficulty] ?? room.difficulty,
                " · ",
                words.viewers(room.viewers),
              ),
            ),
    );
  }

  function fillTopics(): Promise<void> {
    return fill(
      topics,
      () => deps.loadTopics(),
      words.topicsEmpty,
      (topic) =>
        el(
          "button",
          {
            class: "topic-chip",
            attrs: { type: "button" },
            on: { click: () => choose({ topicId: topic.id }) },
          },
          topic.text,
        ),
    );
  }

  /** Loads a list and draws it; a failure says so and offers another try. */
  async function fill<T>(
    into: HTMLElement,
    load: () => Promise<readonly T[]>,
    empty: string,
    draw: (item: T) => HTMLElement | null,
  ): Promise<void> {
    into.setAttribute("aria-busy", "true");
    try {
      const rows = (await load()).map(draw).filter((row) => row !== null);
      into.replaceChildren(...(rows.length > 0 ? rows : [el("p", { class: "sheet-empty" }, empty)]));
    } catch {
      const again = () => void fill(into, load, empty, draw);
      into.replaceChildren(
        el(
          "p",
          { class: "sheet-empty" },
          words.failed,
          " ",
          el("button", { class: "link", attrs: { type: "button" }, on: { click: again } }, words.again),
        ),
      );
    } finally {
      into.removeAttribute("aria-busy");
    }
  }

  return {
    element,
    open() {
      if (!element.open) element.showModal();
      void fillRooms();
      void fillTopics();
    },
  };
}
