import type { DeskTools, Panel } from "../panel.ts";
import { createFigureList, type Figure } from "../parts/figure-list.ts";
import { createReadPanel } from "../parts/read-panel.ts";
import { createTable } from "../parts/table.ts";
import { strings } from "../strings.ts";
import { toCount, toMegabytes, toShare, toSpan } from "../to-words.ts";
import type { ProcessReport } from "#schema/desk.ts";

const words = strings.process;

/** How the process that answers is doing, and who else there is. */
export function createProcessPanel({ call }: DeskTools): Panel {
  return createReadPanel({
    name: "process",
    label: strings.panels.process,
    lead: words.lead,
    read: () => call<ProcessReport>("GET", "/api/admin/process"),
    draw: (report) => [
      createFigureList(toFigures(report)),
      createTable({
        id: "process-list",
        title: words.all.title,
        columns: words.all.columns,
        rows: report.processes.map(({ processId, rooms, connections }) => [
          processId === report.processId ? words.all.this(processId) : processId,
          toCount(rooms),
          toCount(connections),
        ]),
        empty: words.all.empty,
      }),
    ],
  });
}

function toFigures(report: ProcessReport): Figure[] {
  const { eventLoopDelay, memory } = report;
  return [
    { label: words.version, value: report.version, note: words.node(report.node) },
    { label: words.uptime, value: toSpan(report.uptimeSeconds * 1000) },
    { label: words.store, value: words.stores[report.store] },
    { label: words.leader, value: report.isLeader ? words.yes : words.no, note: words.leaderNote },
    { label: words.viewers, value: toCount(report.viewers), note: words.inRooms(toCount(report.rooms)) },
    { label: words.connections, value: toCount(report.connections) },
    { label: words.cpu, value: toShare(report.cpuShare), note: words.cpuNote },
    {
      label: words.delay,
      value: toSpan(eventLoopDelay.p99Ms),
      note: words.delayNote(toSpan(eventLoopDelay.p50Ms), toSpan(eventLoopDelay.maxMs)),
    },
    {
      label: words.memory,
      value: toMegabytes(memory.rssBytes),
      note: words.memoryNote(toMegabytes(memory.heapUsedBytes), toMegabytes(memory.heapTotalBytes)),
    },
  ];
}
