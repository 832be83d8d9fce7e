import type { ReactionEmoji } from "#schema/vocabulary.ts";
import type { ChatroomLine } from "../../chatroom/chatroom-snapshot.ts";
import { drawAvatar } from "../avatar/draw-avatar.ts";
import { toHue, type Sitter } from "../avatar/features.ts";
import { el } from "../element.ts";
import { icon } from "../parts/icons.ts";
import { strings } from "../strings.ts";
import { burst } from "./burst.ts";
import { createReactionBar } from "./reaction-bar.ts";

export interface Bubble {
  element: HTMLLIElement;
  updateReactions(counts: Readonly<Record<string, number>>): void;
  /** The conversation is over: what was said stays, reacting does not. */
  freeze(): void;
}

interface BubbleDeps {
  sitter: Sitter;
  /** Follows a line of the same speaker: no portrait and no name. */
  continued: boolean;
  react(emoji: ReactionEmoji): boolean;
}

/** One line of the conversation with its reactions. */
export function createBubble(line: ChatroomLine, deps: BubbleDeps): Bubble {
  const mine = new Set<string>();
  let counted: Readonly<Record<string, number>> = {};
  let bar: HTMLElement | undefined;

  const chips = el("div", { class: "chips" });
  const opener = el(
    "button",
    {
      class: "react",
      attrs: { type: "button", "aria-label": strings.react(line.speaker.name), "aria-expanded": "false" },
      on: { click: () => (bar ? closeBar(true) : openBar()) },
    },
    icon("smile"),
  );
  const words = el("p", { class: "words", attrs: { dir: "auto" } }, line.text);
  const bubble = el(
    "div",
    { class: "bubble", on: { click: onTap } },
    deps.continued ? null : el("bdi", { class: "speaker" }, line.speaker.name),
    deps.continued ? el("span", { class: "visually-hidden" }, `${line.speaker.name}: `) : null,
    words,
  );
  const element = el(
    "li",
    { class: deps.continued ? "line continued" : "line", on: { focusout: onFocusOut } },
    el("span", { class: "portrait" }, deps.continued ? null : drawAvatar(deps.sitter, line.sentiment)),
    el("div", { class: "bubble-side" }, bubble, chips),
    opener,
  );
  element.dataset["sentiment"] = line.sentiment;
  element.dataset["line"] = `${line.conversationId} ${line.order}`;
  element.style.setProperty("--hue", String(toHue(deps.sitter)));

  function onTap(event: MouseEvent): void {
    // A mouse has the button that appears on hover; a finger taps the bubble itself.
    if (
      matchMedia("(hover: none)").matches &&
      !opener.disabled &&
      !(event.target as Element).closest("button")
    ) {
      if (bar) closeBar(false);
      else openBar();
    }
  }

  function onFocusOut(event: FocusEvent): void {
    if (bar && !element.contains(event.relatedTarget as Node | null)) closeBar(false);
  }

  function openBar(): void {
    bar = createReactionBar({
      choose: (emoji, from) => {
        give(emoji, from);
        closeBar(true);
      },
      close: () => closeBar(true),
    });
    const scroller = element.closest(".log-scroll");
    const room = element.getBoundingClientRect().top - (scroller?.getBoundingClientRect().top ?? 0);
    bar.classList.toggle("below", room < 56);
    element.append(bar);
    opener.setAttribute("aria-expanded", "true");
    bar.querySelector("button")?.focus();
  }

  function closeBar(refocus: boolean): void {
    // Forgotten first: removing it blurs it, which would close it a second time.
    const open = bar;
    bar = undefined;
    open?.remove();
    opener.setAttribute("aria-expanded", "false");
    if (refocus) opener.focus({ preventScroll: true });
  }

  function give(emoji: ReactionEmoji, from: HTMLElement): void {
    if (!deps.react(emoji)) return;
    mine.add(emoji);
    burst(from, emoji);
    drawChips();
  }

  function drawChips(): void {
    const entries = Object.entries(counted).filter(([, count]) => count > 0);
    // What I gave shows at once, before the server has counted it.
    for (const emoji of mine) if (!counted[emoji]) entries.push([emoji, 1]);
    const focused = chips.contains(document.activeElement)
      ? document.activeElement?.getAttribute("data-emoji")
      : null;
    chips.replaceChildren(...entries.map(([emoji, count]) => drawChip(emoji as ReactionEmoji, count)));
    if (focused) chips.querySelector<HTMLElement>(`[data-emoji="${focused}"]`)?.focus();
  }

  function drawChip(emoji: ReactionEmoji, count: number): HTMLElement {
    const chip = el(
      "button",
      {
        class: "chip",
        attrs: {
          type: "button",
          "data-emoji": emoji,
          "aria-label": strings.reacted(emoji, count),
          "aria-pressed": String(mine.has(emoji)),
          disabled: opener.disabled,
        },
        on: { click: () => give(emoji, chip) },
      },
      el("span", {}, emoji),
      el("span", { class: "chip-count" }, strings.viewersShort(count)),
    );
    return chip;
  }

  return {
    element,
    updateReactions(counts) {
      if (counts === counted) return;
      counted = counts;
      drawChips();
    },
    freeze() {
      closeBar(false);
      opener.disabled = true;
      element.classList.add("past");
      drawChips();
    },
  };
}
