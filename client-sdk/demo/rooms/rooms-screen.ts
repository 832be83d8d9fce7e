import type { LiveChatroom, Topic } from "#schema/api.ts";
import type { ChatroomJoinOptions } from "#schema/chatroom-messages.ts";
import { DIFFICULTIES, type Difficulty } from "#schema/vocabulary.ts";
import { el } from "../element.ts";
import type { Screen } from "../frame/screen.ts";
import { createLoadedPart } from "../parts/loaded-part.ts";
import { strings } from "../strings.ts";
import { createRoomRow } from "./room-row.ts";

const words = strings.rooms;

/** Where one chooses what to watch: how deep, a room that is live, or a topic. */
export function createRoomsScreen(deps: {
  loadRooms(): Promise<readonly LiveChatroom[]>;
  loadTopics(): Promise<readonly Topic[]>;
  /** The room one is in, if any. */
  hereId(): string | undefined;
  choose(wish: ChatroomJoinOptions): void;
  /** Goes back to where one is. */
  stay(): void;
}): Screen {
  let depth: Difficulty | "" = "";
  const count = el("p", { class: "room-count", attrs: { role: "status" } });
  const live = createLoadedPart({ load: () => deps.loadRooms(), draw: drawRooms });
  const topics = createLoadedPart({ load: () => deps.loadTopics(), draw: drawTopics });
  const refresh = () => void live.load();
  const find = el("input", {
    class: "field find",
    attrs: {
      type: "search",
      "aria-label": words.find,
      placeholder: words.find,
      maxlength: 100,
      dir: "auto",
      autocomplete: "off",
    },
    on: { input: () => topics.redraw() },
  });
  const element = el(
    "div",
    { class: "screen page rooms-screen" },
    el(
      "div",
      { class: "page-inside" },
      el("h1", {}, words.title),
      el("fieldset", { class: "depths" }, el("legend", {}, words.depth), ...drawDepths()),
      el(
        "button",
        { class: "button primary surprise", attrs: { type: "button" }, on: { click: () => choose({}) } },
        words.surprise,
      ),
      el(
        "div",
        { class: "room-head" },
        el("h2", {}, words.live),
        count,
        el("button", { class: "link", attrs: { type: "button" }, on: { click: refresh } }, words.refresh),
      ),
      live.element,
      el("h2", {}, words.topics),
      find,
      topics.element,
    ),
  );

  function drawDepths(): HTMLElement[] {
    return (["", ...DIFFICULTIES] as const).map((value) =>
      el(
        "label",
        { class: "choice" },
        el("input", {
          attrs: { type: "radio", name: "depth", value, checked: value === "" },
          on: {
            change: () => {
              depth = value;
              live.redraw();
            },
          },
        }),
        el("span", {}, value === "" ? strings.difficultyAny : (strings.difficulty[value] ?? value)),
      ),
    );
  }

  function choose(wish: ChatroomJoinOptions): void {
    deps.choose(depth === "" ? wish : { difficulty: depth, ...wish });
  }

  function drawRooms(rooms: readonly LiveChatroom[]): HTMLElement {
    const fitting = rooms.filter((room) => depth === "" || room.difficulty === depth);
    count.textContent = fitting.length === 0 ? "" : words.count(fitting.length);
    if (fitting.length === 0) return drawNoRooms();
    const hereId = deps.hereId();
    const rows = fitting.map((room) => {
      const { roomId, topicId, difficulty } = room;
      return createRoomRow(room, roomId === hereId, () => {
        if (roomId === deps.hereId()) deps.stay();
        else deps.choose({ topicId, difficulty });
      });
    });
    return el("ul", { class: "room-list" }, ...rows);
  }

  function drawNoRooms(): HTMLElement {
    if (depth === "") return el("p", { class: "empty" }, words.liveEmpty);
    const open = () => choose({});
    return el(
      "p",
      { class: "empty" },
      words.liveEmptyDepth,
      " ",
      el("button", { class: "link", attrs: { type: "button" }, on: { click: open } }, words.openDepth),
    );
  }

  function drawTopics(list: readonly Topic[]): HTMLElement {
    if (list.length === 0) return el("p", { class: "empty" }, words.topicsEmpty);
    const wanted = find.value.trim().toLocaleLowerCase();
    const found = list.filter(({ text }) => text.toLocaleLowerCase().includes(wanted));
    if (found.length === 0) return el("p", { class: "empty" }, words.topicsUnlike);
    found.sort((a, b) => a.text.localeCompare(b.text));
    return el("ul", { class: "topic-list" }, ...found.map(drawTopic));
  }

  function drawTopic(topic: Topic): HTMLElement {
    const pick = () => choose({ topicId: topic.id });
    const chip = { class: "topic-chip", attrs: { type: "button", dir: "auto" }, on: { click: pick } };
    return el("li", {}, el("button", chip, topic.text));
  }

  return {
    element,
    title: () => words.open,
    enter() {
      void live.load();
      void topics.load();
      return undefined;
    },
  };
}
