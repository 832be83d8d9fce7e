import type { CastMember, ChatroomSnapshot } from "../../chatroom/chatroom-snapshot.ts";
import { drawAvatar } from "../avatar/draw-avatar.ts";
import { toHue, type Sitter } from "../avatar/features.ts";
import { el } from "../element.ts";
import { createStarButton, type StarButton } from "../parts/star-button.ts";
import { strings } from "../strings.ts";
import type { Sitters } from "./sitters.ts";

/** Who is on stage: portrait, name, part and a star for favorites. */
export function createCastStrip(deps: {
  sitters: Sitters;
  favorite(chatlingId: string, favorite: boolean): boolean;
}): {
  element: HTMLElement;
  update(snapshot: ChatroomSnapshot): void;
  /** Favorites may have changed elsewhere. */
  refresh(): void;
} {
  const element = el("ul", { class: "cast", attrs: { "aria-label": strings.cast } });
  let drawnFor: readonly CastMember[] | undefined;
  const cards = new Map<string, HTMLElement>();
  const stars = new Map<string, StarButton>();

  function drawCard(member: CastMember): HTMLElement {
    const sitter = deps.sitters.sitter(member.chatlingId);
    const star = createStarButton(member.name, (wanted) => {
      if (!deps.favorite(member.chatlingId, wanted)) return;
      deps.sitters.setFavorite(member.chatlingId, wanted);
      star.update(wanted);
    });
    star.update(deps.sitters.isFavorite(member.chatlingId));
    stars.set(member.chatlingId, star);
    const card = el(
      "li",
      { class: "cast-member" },
      el("span", { class: "portrait" }, drawAvatar(sitter), drawBlink(sitter)),
      el(
        "span",
        { class: "cast-words" },
        el("bdi", { class: "cast-name" }, member.name),
        el("span", { class: "cast-part" }, strings.archetype[member.archetype] ?? member.archetype),
      ),
      star.element,
    );
    card.style.setProperty("--hue", String(toHue(sitter)));
    return card;
  }

  return {
    element,
    update({ cast, typing, lines, phase }) {
      if (cast !== drawnFor && cast.length > 0) {
        drawnFor = cast;
        cards.clear();
        stars.clear();
        for (const member of cast) cards.set(member.chatlingId, drawCard(member));
        element.replaceChildren(...cards.values());
      }
      const busy = typing?.chatlingId ?? (phase === "playing" ? lines.at(-1)?.speaker.chatlingId : undefined);
      for (const [chatlingId, card] of cards) card.classList.toggle("busy", chatlingId === busy);
    },
    refresh() {
      for (const [chatlingId, star] of stars) star.update(deps.sitters.isFavorite(chatlingId));
    },
  };
}

/** The same portrait with its eyes shut, laid over it to blink. */
function drawBlink(sitter: Sitter): HTMLImageElement {
  const portrait = drawAvatar(sitter, "blinking");
  portrait.classList.add("blink");
  return portrait;
}
