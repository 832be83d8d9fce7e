import type { Chatling, PlayedRole } from "#schema/api.ts";
import { el } from "../element.ts";
import { strings } from "../strings.ts";
import { toFitWords } from "./fit-words.ts";

const words = strings.collection;
const SHOWN = 12;

/** The parts a chatling played lately, each with its score and, on demand, how that came about. */
export function createRoleList(roles: readonly PlayedRole[], chatling: Chatling): HTMLElement {
  if (roles.length === 0) return el("p", { class: "empty" }, words.noRoles);
  return el("ul", { class: "roles" }, ...roles.slice(0, SHOWN).map((role) => drawRole(role, chatling)));
}

function drawRole(role: PlayedRole, chatling: Chatling): HTMLElement {
  return el(
    "li",
    { class: "role" },
    el(
      "span",
      { class: "role-head" },
      el("strong", { attrs: { dir: "auto" } }, role.topic),
      el("span", { class: "role-score" }, words.score(role.score)),
    ),
    el(
      "span",
      { class: "hint" },
      words.role(strings.archetype[role.archetype] ?? role.archetype),
      ", ",
      words.verdict(role.score),
    ),
    el(
      "details",
      { class: "why" },
      el("summary", {}, words.why),
      el("ul", {}, ...toFitWords(role, chatling).map((sentence) => el("li", {}, sentence))),
    ),
  );
}
