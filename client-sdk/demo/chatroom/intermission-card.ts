import type { ChatroomSnapshot } from "../../chatroom/chatroom-snapshot.ts";
import { el, svg } from "../element.ts";
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
  const ring = svg("circle", { cx: 20, cy: 20, r: 17, class: "ring-run", pathLength: 100 });
  const element = el(
    "li",
    { class: "intermission", attrs: { hidden: true } },
    wrap,
    el(
      "div",
      { class: "next-card" },
      svg(
        "svg",
        { viewBox: "0 0 40 40", class: "ring", "aria-hidden": "true" },
        svg("circle", { cx: 20, cy: 20, r: 17, class: "ring-track" }),
        ring,
      ),
      el(
        "div",
        { class: "next-words" },
        el("span", { class: "next-label" }, strings.upNext, " ", seconds),
        topic,
      ),
    ),
    bored,
  );
  let nextAtMs = 0;
  let fullMs = 1;
  let timer: number | undefined;

  function tick(): void {
    const leftMs = Math.max(0, nextAtMs - Date.now());
    seconds.textContent = nextAtMs === 0 ? "" : strings.startsIn(Math.ceil(leftMs / 1000));
    ring.style.strokeDashoffset = String(100 - (100 * leftMs) / fullMs);
  }

  return {
    element,
    rest() {
      clearInterval(timer);
      nextAtMs = 0;
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
      if (between === element.hidden) {
        element.hidden = !between;
        clearInterval(timer);
        if (between) timer = window.setInterval(tick, 250);
      }
      if (!between) {
        nextAtMs = 0;
        return;
      }
      if (snapshot.nextAtMs !== nextAtMs) {
        nextAtMs = snapshot.nextAtMs;
        fullMs = Math.max(1, nextAtMs - Date.now());
      }
      topic.textContent = snapshot.nextTopic === "" ? strings.upNextUnknown : snapshot.nextTopic;
      tick();
    },
  };
}
