import { el } from "../demo/element.ts";
import { readRoute, toHash } from "../demo/frame/route.ts";
import type { Panel } from "./panel.ts";
import { toReason } from "./parts/to-reason.ts";
import { strings } from "./strings.ts";
import { toMoment } from "./to-words.ts";

const REFRESH_EVERY_MS = 30_000;

export interface DeskFrame {
  element: HTMLElement;
  /** Shows the panel in the address and keeps it fresh while it can be seen. */
  start(): void;
  stop(): void;
  refresh(): void;
  say(text: string): void;
}

/** The panels, the way from one to another, and how fresh what is shown is. The address tells which is shown. */
export function createDeskFrame(panels: readonly [Panel, ...Panel[]], signOut: () => void): DeskFrame {
  const links = panels.map(({ name, label }) =>
    el("a", { attrs: { href: name === "" ? toHash() : toHash(name) } }, label),
  );
  const updated = el("p", { class: "hint updated" });
  const problem = el("p", { class: "note problem-note", attrs: { role: "status" } });
  const remark = el("p", { class: "remark", attrs: { role: "status" } });
  const main = el("main", {}, problem, remark, ...panels.map(({ element }) => element));
  const element = el(
    "div",
    { class: "desk" },
    el(
      "header",
      { class: "desk-head" },
      el("span", { class: "desk-name" }, strings.title),
      updated,
      button(strings.refresh, () => void refresh()),
      button(strings.signOut, signOut),
    ),
    el(
      "nav",
      { attrs: { "aria-label": strings.panels.label } },
      el("ul", {}, ...links.map((link) => el("li", {}, link))),
    ),
    main,
  );
  const readAt = new Map<string, number>();
  let shown: { panel: Panel; path: readonly string[] } = { panel: panels[0], path: [] };
  let turn = 0;
  let timer: number | undefined;

  async function refresh(): Promise<void> {
    const mine = ++turn;
    const { panel, path } = shown;
    const place = toHash(panel.name, ...path);
    clearTimeout(timer);
    main.setAttribute("aria-busy", "true");
    let reason = "";
    try {
      await panel.refresh(path);
      readAt.set(place, Date.now());
    } catch (error) {
      reason = toReason(error);
    }
    if (mine !== turn) return;
    main.removeAttribute("aria-busy");
    showFreshness(readAt.get(place), reason);
    timer = window.setTimeout(onTime, REFRESH_EVERY_MS);
  }

  function showFreshness(atMs: number | undefined, reason: string): void {
    const at = atMs === undefined ? "" : toMoment(atMs, Date.now());
    updated.textContent = at === "" ? "" : strings.updated(at);
    const told = reason === "" ? "" : strings.stale(at, reason);
    // Said once, not every half minute.
    if (problem.textContent !== told) problem.textContent = told;
  }

  /** Nothing is read while nobody looks; whoever comes back sees fresh figures. */
  function onTime(): void {
    if (!document.hidden) void refresh();
  }

  function show(): void {
    const { name, path } = readRoute(location.hash);
    const panel = panels.find((each) => each.name === name) ?? panels[0];
    const isOther = panel !== shown.panel || path.join() !== shown.path.join();
    shown = { panel, path };
    panels.forEach((each, index) => {
      each.element.hidden = each !== panel;
      if (each === panel) links[index]?.setAttribute("aria-current", "page");
      else links[index]?.removeAttribute("aria-current");
    });
    document.title = `${panel.label} · ${strings.title}`;
    for (const line of [updated, problem, remark]) line.textContent = "";
    if (isOther) panel.element.querySelector("h1")?.focus();
    void refresh();
  }

  return {
    element,
    start() {
      window.addEventListener("hashchange", show);
      document.addEventListener("visibilitychange", onTime);
      show();
    },
    stop() {
      turn++;
      clearTimeout(timer);
      window.removeEventListener("hashchange", show);
      document.removeEventListener("visibilitychange", onTime);
    },
    refresh: () => void refresh(),
    say: (text) => void (remark.textContent = text),
  };
}

function button(label: string, click: () => void): HTMLElement {
  return el("button", { class: "button", attrs: { type: "button" }, on: { click } }, label);
}
