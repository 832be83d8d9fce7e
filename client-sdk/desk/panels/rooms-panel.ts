import type { DeskTools, Panel } from "../panel.ts";
import { readItems } from "../../demo/parts/read-items.ts";
import { createReadPanel } from "../parts/read-panel.ts";
import { createShowMore } from "../parts/show-more.ts";
import { createTable } from "../parts/table.ts";
import { strings } from "../strings.ts";
import { toCount, toMoment } from "../to-words.ts";
import type { ListPage } from "#schema/api.ts";
import type { RoomRow } from "#schema/desk.ts";

const words = strings.rooms;
const STEP = 50;

/** Rooms of all kinds and processes, fullest first. */
export function createRoomsPanel(tools: DeskTools): Panel {
  let wanted = STEP;

  function more(): void {
    wanted += STEP;
    tools.refresh();
  }

  function drawList(items: readonly RoomRow[]): HTMLElement {
    const nowMs = Date.now();
    return createTable({
      id: "room-list",
      title: words.title,
      columns: words.columns,
      rows: items.map(({ roomId, kind, topic, difficulty, viewers, sinceMs, processId }) => [
        roomId,
        kind,
        topic,
        difficulty,
        toCount(viewers),
        toMoment(sinceMs, nowMs),
        processId,
      ]),
      empty: words.empty,
    });
  }

  return createReadPanel({
    name: "rooms",
    label: strings.panels.rooms,
    lead: words.lead,
    read: () =>
      readItems((query) => tools.call<ListPage<RoomRow>>("GET", "/api/admin/rooms", { query }), wanted),
    draw: (list) => [drawList(list.items), createShowMore(list, more)],
  });
}
