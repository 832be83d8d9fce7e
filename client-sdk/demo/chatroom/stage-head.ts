import { DIFFICULTIES } from "#schema/vocabulary.ts";
import type { ChatroomSnapshot } from "../../chatroom/chatroom-snapshot.ts";
import { el, setText } from "../element.ts";
import { icon } from "../parts/icons.ts";
import { strings } from "../strings.ts";

/** Topic, difficulty and viewers. */
export function createStageHead(deps: { retitle(): void }): {
  element: HTMLElement;
  update(snapshot: ChatroomSnapshot): void;
} {
  const topic = el("h1", { class: "topic" });
  const depth = el("span", { class: "depth-name" });
  const dots = DIFFICULTIES.map(() => el("i"));
  const viewers = el("span", { class: "viewers-count" });
  const viewersText = el("span", { class: "visually-hidden" });
  const element = el(
    "header",
    { class: "stage-head" },
    topic,
    el(
      "p",
      { class: "facts" },
      el(
        "span",
        { class: "depth" },
        el("span", { class: "depth-dots", attrs: { "aria-hidden": "true" } }, ...dots),
        depth,
      ),
      el(
        "span",
        { class: "viewers" },
        icon("eye"),
        el("span", { attrs: { "aria-hidden": "true" } }, viewers),
        viewersText,
      ),
    ),
  );
  return {
    element,
    update(snapshot) {
      if (topic.textContent !== snapshot.topic) {
        topic.textContent = snapshot.topic;
        deps.retitle();
      }
      const level = DIFFICULTIES.indexOf(snapshot.difficulty);
      dots.forEach((dot, index) => dot.classList.toggle("on", index <= level));
      setText(depth, strings.difficulty[snapshot.difficulty] ?? snapshot.difficulty);
      setText(viewers, strings.viewersShort(snapshot.viewers));
      setText(viewersText, strings.viewers(snapshot.viewers));
    },
  };
}
