import type { LiveChatroom } from "#schema/api.ts";
import { el } from "../element.ts";
import { strings } from "../strings.ts";

/** A live room to choose, marked where one is in it already. */
export function createRoomRow(room: LiveChatroom, isHere: boolean, choose: () => void): HTMLElement {
  const depth = strings.difficulty[room.difficulty] ?? room.difficulty;
  return el(
    "li",
    {},
    el(
      "button",
      {
        class: "room",
        attrs: { type: "button", "aria-current": isHere ? "true" : undefined },
        on: { click: choose },
      },
      el("span", { class: "room-topic", attrs: { dir: "auto" } }, room.topic),
      el("span", { class: "room-facts" }, depth, " · ", strings.rooms.viewers(room.viewers)),
      isHere && el("span", { class: "room-here" }, strings.rooms.here),
    ),
  );
}
