import { el } from "../../demo/element.ts";
import { toHash } from "../../demo/frame/route.ts";
import type { DeskTools, Panel } from "../panel.ts";
import { readItems } from "../../demo/parts/read-items.ts";
import { createReadPanel } from "../parts/read-panel.ts";
import { createShowMore } from "../parts/show-more.ts";
import { createTable } from "../parts/table.ts";
import { strings } from "../strings.ts";
import { toCount, toMoment } from "../to-words.ts";
import { createConversationPage, type DeskConversation } from "./conversation-page.ts";
import { createGenerateForm } from "./generate-form.ts";
import type { ListPage } from "#schema/api.ts";

const words = strings.conversations;
const API = "/api/admin/pool/conversations";
const STEP = 25;

type Shown = { items: DeskConversation[]; more: boolean } | DeskConversation;

/** The pool's conversations, newest first, one to be read, and more to be written now. */
export function createConversationsPanel(tools: DeskTools): Panel {
  let wanted = STEP;
  return createReadPanel<Shown>({
    name: "conversations",
    label: strings.panels.conversations,
    lead: words.lead,
    tools: createGenerateForm(tools),
    read: ([id]) =>
      id === undefined
        ? readItems((query) => tools.call<ListPage<DeskConversation>>("GET", API, { query }), wanted)
        : tools.call<DeskConversation>("GET", `${API}/${encodeURIComponent(id)}`),
    draw: (shown) =>
      "items" in shown
        ? [drawList(shown.items), createShowMore(shown, more)]
        : createConversationPage(shown, () => remove(shown.id)),
  });

  function more(): void {
    wanted += STEP;
    tools.refresh();
  }

  async function remove(id: string): Promise<void> {
    await tools.call("DELETE", `${API}/${encodeURIComponent(id)}`);
    location.hash = toHash("conversations");
  }
}

function drawList(items: readonly DeskConversation[]): HTMLElement {
  const nowMs = Date.now();
  return createTable({
    id: "conversation-list",
    title: words.title,
    columns: words.columns,
    rows: items.map(({ id, topicText, difficulty, overallSentiment, viewCount, createdAtMs }) => [
      el(
        "a",
        { attrs: { id: `conversation-${id}`, href: toHash("conversations", id), dir: "auto" } },
        topicText,
      ),
      difficulty,
      overallSentiment,
      toCount(viewCount),
      toMoment(createdAtMs, nowMs),
    ]),
    empty: words.empty,
  });
}
