import { el } from "../../demo/element.ts";
import type { DeskTools, Panel } from "../panel.ts";
import { readItems } from "../../demo/parts/read-items.ts";
import { createReadPanel } from "../parts/read-panel.ts";
import { createShowMore } from "../parts/show-more.ts";
import { createTable } from "../parts/table.ts";
import { toReason } from "../parts/to-reason.ts";
import { strings } from "../strings.ts";
import { toMoment } from "../to-words.ts";
import { createTopicForms } from "./topic-forms.ts";
import type { ListPage, Topic } from "#schema/api.ts";

const words = strings.topics;
const STEP = 50;

type DeskTopic = Topic & { source: string; active: boolean; createdAtMs: number };

/** What is talked about: more of it, and less of what should not be. */
export function createTopicsPanel(tools: DeskTools): Panel {
  let wanted = STEP;

  async function setActive({ id, text }: DeskTopic, active: boolean): Promise<void> {
    try {
      await tools.call("PATCH", `/api/admin/topics/${encodeURIComponent(id)}`, { body: { active } });
      tools.say(active ? words.enabled(text) : words.disabled(text));
      tools.refresh();
    } catch (error) {
      tools.say(strings.failed(toReason(error)));
    }
  }

  function drawSwitch(topic: DeskTopic): HTMLElement {
    const label = topic.active ? words.disable : words.enable;
    return el(
      "button",
      {
        class: "button small",
        attrs: { type: "button", id: `topic-${topic.id}`, "aria-label": `${label}: ${topic.text}` },
        on: { click: () => void setActive(topic, !topic.active) },
      },
      label,
    );
  }

  function drawList(items: readonly DeskTopic[]): HTMLElement {
    const nowMs = Date.now();
    return createTable({
      id: "topic-list",
      title: words.title,
      columns: words.columns,
      rows: items.map((topic) => [
        el("span", { attrs: { dir: "auto" } }, topic.text),
        drawSwitch(topic),
        topic.active ? words.inUse : words.outOfUse,
        topic.category,
        topic.source,
        toMoment(topic.createdAtMs, nowMs),
      ]),
      empty: words.empty,
    });
  }

  function more(): void {
    wanted += STEP;
    tools.refresh();
  }

  return createReadPanel({
    name: "topics",
    label: strings.panels.topics,
    lead: words.lead,
    tools: createTopicForms(tools),
    read: () =>
      readItems((query) => tools.call<ListPage<DeskTopic>>("GET", "/api/admin/topics", { query }), wanted),
    draw: (list) => [drawList(list.items), createShowMore(list, more)],
  });
}
