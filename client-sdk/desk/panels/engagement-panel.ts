import type { DeskTools, Panel } from "../panel.ts";
import { createReadPanel } from "../parts/read-panel.ts";
import { createTable } from "../parts/table.ts";
import { strings } from "../strings.ts";
import { toCount, toShare, toSpan } from "../to-words.ts";
import type { EngagementReport } from "#schema/desk.ts";

const words = strings.engagement;

/** Whether people like it, without anybody being known by it. */
export function createEngagementPanel({ call }: DeskTools): Panel {
  return createReadPanel({
    name: "engagement",
    label: strings.panels.engagement,
    lead: words.lead,
    read: () => call<EngagementReport>("GET", "/api/admin/engagement"),
    draw: ({ days, returns }) => [
      createTable({
        id: "engagement-days",
        title: words.days.title,
        hint: words.days.hint,
        columns: words.days.columns,
        rows: days.map(({ day, viewers, started, watchThrough, reactionsPerViewer, sessions }) => [
          day,
          toCount(viewers),
          toCount(started),
          toShare(watchThrough),
          toCount(reactionsPerViewer, 2),
          toSpan(sessions.meanMs),
          toSpan(sessions.p90Ms),
        ]),
        empty: words.days.empty,
      }),
      createTable({
        id: "engagement-returns",
        title: words.returns.title,
        hint: words.returns.hint,
        columns: words.returns.columns,
        rows: returns.map(({ afterDays, newcomers, returned, share }) => [
          words.returns.after(afterDays),
          toCount(newcomers),
          toCount(returned),
          toShare(share),
        ]),
        empty: words.returns.empty,
      }),
    ],
  });
}
