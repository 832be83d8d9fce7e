import type { ChatroomSnapshot } from "../../chatroom/chatroom-snapshot.ts";
import { el, setText } from "../element.ts";
import { strings } from "../strings.ts";

/** Between two conversations: what comes next, and when. */
export function createIntermissionCard(): {
  element: HTMLElement;
  update(snapshot: ChatroomSnapshot): void;
  /** Nothing on stage is for this viewer until something new is written. */
  rest(): void;
} {
  const wrap = el("p", { class: "wrap" }, strings.wrap);
  const bored = el("p", { class: "bored" }, strings.bored);
  const topic = el("strong", { class: "next-topic" });
  const seconds = el("span", { class: "next-seconds" });
  const untilNext = el("div", { class: "until-next", attrs: { "aria-hidden": "true" } });
  const element = el(
    "li",
    { class: "intermission", attrs: { hidden: true } },
    wrap,
    el(
      "div",
      { class: "next-card" },
      el("span", { class: "next-label" }, strings.upNext, " ", seconds),
      topic,
      untilNext,
    ),
    bored,
  );
  let nextAtMs: number | undefined;
  let timer: number | undefined;

  function countDown(toMs: number): void {
    clearTimeout(timer);
    const leftMs = Math.max(0, toMs - Date.now());
    setText(seconds, toMs === 0 ? "" : strings.startsIn(Math.ceil(leftMs / 1000)));
    // When the figure changes next.
    if (leftMs > 0) timer = window.setTimeout(() => countDown(toMs), ((leftMs - 1) % 1000) + 1);
  }

  function startBar(toMs: number): void {
    const bar = el("i");
    bar.style.animationDuration = `${Math.max(0, toMs - Date.now())}ms`;
    untilNext.replaceChildren(bar);
  }

  function stop(): void {
    clearTimeout(timer);
    nextAtMs = undefined;
  }

  return {
    element,
    rest() {
      stop();
      element.hidden = false;
      element.classList.add("resting");
      wrap.textContent = strings.failures["no-conversation"]?.title ?? "";
      bored.textContent = strings.failures["no-conversation"]?.text ?? "";
    },
    update(snapshot) {
      if (element.classList.contains("resting")) {
        element.classList.remove("resting");
        element.hidden = true;
        wrap.textContent = strings.wrap;
        bored.textContent = strings.bored;
      }
      const between = snapshot.phase === "intermission" && snapshot.lines.length > 0;
      element.hidden = !between;
      if (!between) return stop();
      setText(topic, snapshot.nextTopic === "" ? strings.upNextUnknown : snapshot.nextTopic);
      if (snapshot.nextAtMs === nextAtMs) return;
      nextAtMs = snapshot.nextAtMs;
      startBar(nextAtMs);
      countDown(nextAtMs);
    },
  };
}
