import type { CastMember } from "../../chatroom/chatroom-snapshot.ts";
import { drawAvatar } from "../avatar/draw-avatar.ts";
import { toHue } from "../avatar/features.ts";
import { el } from "../element.ts";
import { strings } from "../strings.ts";
import type { Sitters } from "./sitters.ts";

/** Three dots beside whoever is typing. Not announced: the line itself will be. */
export function createTypingRow(sitters: Sitters): {
  element: HTMLElement;
  update(typing: CastMember | null): void;
} {
  const portrait = el("span", { class: "portrait" });
  const label = el("span", { class: "visually-hidden" });
  const element = el(
    "li",
    { class: "line typing", attrs: { hidden: true } },
    portrait,
    el(
      "div",
      { class: "bubble" },
      label,
      el("span", { class: "dots", attrs: { "aria-hidden": "true" } }, el("i"), el("i"), el("i")),
    ),
  );
  let shown: string | undefined;
  return {
    element,
    update(typing) {
      element.hidden = typing === null;
      if (typing === null || typing.chatlingId === shown) return;
      shown = typing.chatlingId;
      const sitter = sitters.sitter(typing.chatlingId);
      portrait.replaceChildren(drawAvatar(sitter));
      label.textContent = strings.typing(typing.name);
      element.style.setProperty("--hue", String(toHue(sitter)));
    },
  };
}
