import type { CastMember, ChatroomSnapshot } from "../../chatroom/chatroom-snapshot.ts";
import { drawAvatar } from "../avatar/draw-avatar.ts";
import { toHue } from "../avatar/features.ts";
import { el } from "../element.ts";
import { icon } from "../parts/icons.ts";
import { strings } from "../strings.ts";
import type { Sitters } from "./sitters.ts";

/** Who is on stage: portrait, name, part and a star for favorites. */
export function createCastStrip(deps: {
  sitters: Sitters;
  favorite(chatlingId: string, favorite: boolean): boolean;
}): { element: HTMLElement; update(snapshot: ChatroomSnapshot): void } {
  const element = el("ul", { class: "cast", attrs: { "aria-label": strings.cast } });
  let drawnFor: readonly CastMember[] | undefined;
  const cards = new Map<string, HTMLElement>();

  function drawCard(member: CastMember): HTMLElement {
    const sitter = deps.sitters.sitter(member.chatlingId);
    const star = el(
      "button",
      {
        class: "star",
        attrs: { type: "button", "aria-label": strings.favorite(member.name), title: strings.favoriteHint },
        on: {
          click: () => {
            const wanted = !deps.sitters.isFavorite(member.chatlingId);
            if (!deps.favorite(member.chatlingId, wanted)) return;
            deps.sitters.setFavorite(member.chatlingId, wanted);
            star.setAttribute("aria-pressed", String(wanted));
          },
        },
      },
      icon("star"),
    );
    star.setAttribute("aria-pressed", String(deps.sitters.isFavorite(member.chatlingId)));
    const card = el(
      "li",
      { class: "cast-member" },
      el("span", { class: "portrait" }, drawAvatar(sitter)),
      el(
        "span",
        { class: "cast-words" },
        el("bdi", { class: "cast-name" }, member.name),
        el("span", { class: "cast-part" }, strings.archetype[member.archetype] ?? member.archetype),
      ),
      star,
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
        for (const member of cast) cards.set(member.chatlingId, drawCard(member));
        element.replaceChildren(...cards.values());
      }
      const busy = typing?.chatlingId ?? (phase === "playing" ? lines.at(-1)?.speaker.chatlingId : undefined);
      for (const [chatlingId, card] of cards) card.classList.toggle("busy", chatlingId === busy);
    },
  };
}
