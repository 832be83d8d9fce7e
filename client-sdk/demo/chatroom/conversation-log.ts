import type { ReactionEmoji } from "#schema/vocabulary.ts";
import type { ChatroomLine, ChatroomSnapshot } from "../../chatroom/chatroom-snapshot.ts";
import { el } from "../element.ts";
import { icon } from "../parts/icons.ts";
import { strings } from "../strings.ts";
import { createBubble, type Bubble } from "./bubble.ts";
import { createIntermissionCard } from "./intermission-card.ts";
import type { Sitters } from "./sitters.ts";
import { createTypingRow } from "./typing-row.ts";

/** Rows kept on the page; older ones go, so a day's watching costs no more than an hour's. */
const KEPT_ROWS = 80;
const NEAR_END_PX = 120;
const CAST_WITHIN_MS = 2000;

const NO_REACTIONS = {};

/**
 * The lines as they come, older conversations above. The scroller runs upwards (`column-reverse`), so that it rests at
 * the newest line by itself and nothing is measured or scrolled when one comes, unless somebody reads back.
 */
export function createConversationLog(deps: {
  sitters: Sitters;
  react(order: number, emoji: ReactionEmoji): boolean;
  announce(text: string): void;
}): { element: HTMLElement; update(snapshot: ChatroomSnapshot): void } {
  const typing = createTypingRow(deps.sitters);
  const intermission = createIntermissionCard();
  const list = el(
    "ol",
    { class: "log", attrs: { "aria-label": strings.conversation } },
    typing.element,
    intermission.element,
  );
  const scroller = el(
    "div",
    { class: "log-scroll", attrs: { tabindex: 0, role: "region", "aria-label": strings.conversation } },
    list,
  );
  const jump = el(
    "button",
    { class: "jump", attrs: { type: "button", hidden: true }, on: { click: () => toEnd("smooth") } },
    icon("down"),
    strings.jump,
  );
  const element = el("div", { class: "log-frame" }, scroller, jump);

  let conversationId = "";
  let lastLine: ChatroomLine | undefined;
  let bubbles = new Map<number, Bubble>();
  let following = true;
  let castless: number | undefined;

  scroller.addEventListener(
    "scroll",
    () => {
      following = scroller.scrollTop > -NEAR_END_PX;
      if (following) jump.hidden = true;
    },
    { passive: true },
  );

  /** Runs a change of the rows; whoever reads back goes on seeing the same ones. */
  function keepingPlace(change: () => void): void {
    if (following) return change();
    const before = scroller.scrollHeight;
    change();
    scroller.scrollTop -= scroller.scrollHeight - before;
  }

  function toEnd(behavior: ScrollBehavior): void {
    const calm = matchMedia("(prefers-reduced-motion: reduce)").matches;
    scroller.scrollTo({ top: 0, behavior: calm ? "instant" : behavior });
  }

  function begin(snapshot: ChatroomSnapshot): void {
    for (const bubble of bubbles.values()) bubble.freeze();
    const first = conversationId === "";
    bubbles = new Map();
    lastLine = undefined;
    conversationId = snapshot.conversationId;
    if (first) return;
    if (!following) toEnd("instant");
    following = true;
    append(el("li", { class: "divider" }, el("span", {}, strings.divider), el("strong", {}, snapshot.topic)));
    deps.announce(strings.newTopic(snapshot.topic));
  }

  function append(row: HTMLElement): void {
    list.insertBefore(row, typing.element);
    // The typing row and the intermission card stay.
    while (list.childElementCount > KEPT_ROWS + 2) list.firstElementChild?.remove();
  }

  function add(line: ChatroomLine, lively: boolean): void {
    const bubble = createBubble(line, {
      sitter: deps.sitters.sitter(line.speaker.chatlingId),
      continued: lastLine?.slot === line.slot,
      react: (emoji) => deps.react(line.order, emoji),
    });
    if (lively) bubble.element.classList.add("entering");
    bubbles.set(line.order, bubble);
    lastLine = line;
    append(bubble.element);
  }

  function show(snapshot: ChatroomSnapshot): void {
    const fresh = snapshot.lines.filter((line) => !bubbles.has(line.order));
    for (const line of fresh) add(line, fresh.length === 1);
    for (const [order, bubble] of bubbles) bubble.updateReactions(snapshot.reactions[order] ?? NO_REACTIONS);
    const talking = snapshot.phase === "playing" && snapshot.connection === "live";
    typing.update(talking ? snapshot.typing : null);
    intermission.update(snapshot);
    const [line] = fresh;
    if (!line) return;
    if (!following) jump.hidden = false;
    deps.announce(
      fresh.length > 1 ? strings.caughtUp(snapshot.lines.length) : strings.said(line.speaker.name, line.text),
    );
  }

  return {
    element,
    update(snapshot) {
      clearTimeout(castless);
      if (snapshot.cast.length === 0) {
        // The cast of a new conversation comes a moment after its state; where none comes, nothing fits me.
        castless = window.setTimeout(() => intermission.rest(), CAST_WITHIN_MS);
        return;
      }
      if (snapshot.conversationId !== conversationId) begin(snapshot);
      keepingPlace(() => show(snapshot));
    },
  };
}
