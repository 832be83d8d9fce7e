import { el } from "../../demo/element.ts";
import { toHash } from "../../demo/frame/route.ts";
import type { DeskTools, Panel } from "../panel.ts";
import { createFigureList } from "../parts/figure-list.ts";
import { readItems } from "../../demo/parts/read-items.ts";
import { createReadPanel } from "../parts/read-panel.ts";
import { createShowMore } from "../parts/show-more.ts";
import { createTable } from "../parts/table.ts";
import { createTwoStep } from "../parts/two-step.ts";
import { strings } from "../strings.ts";
import { toCount, toMoment } from "../to-words.ts";
import type { ListPage } from "#schema/api.ts";
import type { UserCard, UserRow } from "#schema/desk.ts";
import type { BudgetCard } from "#schema/usage.ts";
import { createBudgetSection, toBudgetPath } from "./budget-section.ts";

const words = strings.people;
const API = "/api/admin/users";
const STEP = 50;

type Person = { card: UserCard; budget: BudgetCard };
type Shown = { items: UserRow[]; more: boolean } | Person;

/** People by name, one of them with what they may spend on models, and the end of their sessions. */
export function createPeoplePanel(tools: DeskTools): Panel {
  let wanted = STEP;
  let name = "";

  function find(words: string): void {
    name = words;
    wanted = STEP;
    tools.refresh();
  }

  function more(): void {
    wanted += STEP;
    tools.refresh();
  }

  async function readPerson(id: string): Promise<Person> {
    const [card, budget] = await Promise.all([
      tools.call<UserCard>("GET", `${API}/${encodeURIComponent(id)}`),
      tools.call<BudgetCard>("GET", toBudgetPath(id)),
    ]);
    return { card, budget };
  }

  async function revoke({ id }: UserCard): Promise<void> {
    await tools.call("POST", `${API}/${encodeURIComponent(id)}/revoke`);
    tools.say(words.revoked);
    tools.refresh();
  }

  return createReadPanel<Shown>({
    name: "people",
    label: strings.panels.people,
    lead: words.lead,
    tools: createSearch(find),
    read: ([id]) =>
      id === undefined
        ? readItems((page) => {
            const query = { ...page, name: name === "" ? undefined : name };
            return tools.call<ListPage<UserRow>>("GET", API, { query });
          }, wanted)
        : readPerson(id),
    draw: (shown) =>
      "items" in shown
        ? [drawList(shown.items), createShowMore(shown, more)]
        : [
            ...drawCard(shown.card),
            createBudgetSection(tools, shown.budget, strings.budget),
            drawRevoke(() => revoke(shown.card)),
          ],
  });
}

function createSearch(find: (name: string) => void): HTMLElement {
  const name = el("input", {
    class: "field",
    attrs: { id: "person-name", type: "search", maxlength: 100, dir: "auto", autocomplete: "off" },
  });
  const onSubmit = (event: SubmitEvent) => {
    event.preventDefault();
    find(name.value.trim());
  };
  return el(
    "form",
    { class: "line-form card", attrs: { role: "search" }, on: { submit: onSubmit } },
    el("label", { attrs: { for: "person-name" } }, words.find),
    name,
    el("button", { class: "button", attrs: { type: "submit" } }, words.findSubmit),
    el("p", { class: "hint" }, words.findHint),
  );
}

function drawList(items: readonly UserRow[]): HTMLElement {
  const nowMs = Date.now();
  return createTable({
    id: "people-list",
    title: words.title,
    columns: words.columns,
    rows: items.map(({ id, name, role, origin, createdAtMs, lastSeenAtMs }) => [
      el("a", { attrs: { id: `person-${id}`, href: toHash("people", id), dir: "auto" } }, name),
      role,
      origin,
      toMoment(createdAtMs, nowMs),
      toMoment(lastSeenAtMs, nowMs),
    ]),
    empty: words.empty,
  });
}

function drawCard(person: UserCard): Node[] {
  const nowMs = Date.now();
  const { tokensValidFromMs } = person;
  return [
    el("a", { class: "back", attrs: { id: "back", href: toHash("people") } }, words.back),
    el("h2", { attrs: { dir: "auto" } }, person.name),
    createFigureList([
      { label: words.id, value: person.id },
      { label: words.role, value: person.role },
      { label: words.origin, value: person.origin },
      { label: words.chatlings, value: toCount(person.chatlings) },
      { label: words.came, value: toMoment(person.createdAtMs, nowMs) },
      { label: words.seen, value: toMoment(person.lastSeenAtMs, nowMs) },
      {
        label: words.lastRevoked,
        value: tokensValidFromMs === 0 ? words.never : toMoment(tokensValidFromMs, nowMs),
      },
    ]),
  ];
}

function drawRevoke(act: () => Promise<void>): HTMLElement {
  return el(
    "section",
    {},
    el("h2", {}, words.tokens),
    createTwoStep({
      id: "revoke",
      label: words.revoke,
      question: words.revokeQuestion,
      yes: words.revokeYes,
      act,
    }),
  );
}
