import { REACTION_EMOJI, type ReactionEmoji } from "#schema/vocabulary.ts";
import { el } from "../element.ts";
import { strings } from "../strings.ts";

/** The eight emoji as a toolbar: arrows move, Enter chooses, Escape closes. */
export function createReactionBar(deps: {
  choose(emoji: ReactionEmoji, from: HTMLElement): void;
  close(): void;
}): HTMLElement {
  const buttons = REACTION_EMOJI.map((emoji, index) => {
    const button = el(
      "button",
      {
        class: "reaction-choice",
        attrs: { type: "button", "aria-label": strings.reactWith(emoji), tabindex: index === 0 ? 0 : -1 },
        on: { click: () => deps.choose(emoji, button) },
      },
      emoji,
    );
    return button;
  });
  return el(
    "div",
    {
      class: "reaction-bar",
      attrs: { role: "toolbar", "aria-label": strings.reactions },
      on: {
        keydown: (event) => {
          if (event.key === "Escape") {
            event.preventDefault();
            deps.close();
          }
          const step = STEPS[event.key];
          const at = buttons.indexOf(document.activeElement as HTMLButtonElement);
          if (step === undefined || at === -1) return;
          event.preventDefault();
          const to = step === Infinity ? buttons.length - 1 : step === -Infinity ? 0 : at + step;
          const target = buttons[(to + buttons.length) % buttons.length];
          for (const button of buttons) button.tabIndex = button === target ? 0 : -1;
          target?.focus();
        },
      },
    },
    ...buttons,
  );
}

const STEPS: Record<string, number> = { ArrowRight: 1, ArrowLeft: -1, Home: -Infinity, End: Infinity };
