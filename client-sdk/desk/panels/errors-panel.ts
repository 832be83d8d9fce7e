import { el } from "../../demo/element.ts";
import type { DeskTools, Panel } from "../panel.ts";
import { createReadPanel } from "../parts/read-panel.ts";
import { createTable } from "../parts/table.ts";
import { strings } from "../strings.ts";
import { toCount, toMoment, toSpan } from "../to-words.ts";
import type { ErrorReport } from "#schema/desk.ts";

const words = strings.errors;

/** What goes wrong in this process and in people's pages, most frequent first. */
export function createErrorsPanel({ call }: DeskTools): Panel {
  return createReadPanel({
    name: "errors",
    label: strings.panels.errors,
    lead: words.lead,
    read: () => call<ErrorReport>("GET", "/api/admin/errors"),
    draw: (report) => [
      el("p", {}, words.since(toMoment(report.sinceMs, Date.now()))),
      drawServer(report),
      drawClient(report),
      drawLoads(report),
    ],
  });
}

function drawServer({ server, forgotten }: ErrorReport): HTMLElement {
  const nowMs = Date.now();
  return createTable({
    id: "errors-server",
    title: words.server.title,
    ...tellForgotten(forgotten.server),
    columns: words.server.columns,
    rows: server.map(({ where, kind, code, count, lastSeenMs }) => [
      where,
      kind,
      code,
      toCount(count),
      toMoment(lastSeenMs, nowMs),
    ]),
    empty: words.server.empty,
  });
}

function drawClient({ client, forgotten }: ErrorReport): HTMLElement {
  const nowMs = Date.now();
  return createTable({
    id: "errors-client",
    title: words.client.title,
    ...tellForgotten(forgotten.client),
    columns: words.client.columns,
    rows: client.map(({ code, kind, source, version, count, lastSeenMs }) => [
      code,
      kind,
      source,
      version,
      toCount(count),
      toMoment(lastSeenMs, nowMs),
    ]),
    empty: words.client.empty,
  });
}

function drawLoads({ loads }: ErrorReport): HTMLElement {
  return createTable({
    id: "errors-loads",
    title: words.loads.title,
    hint: words.loads.hint,
    columns: words.loads.columns,
    rows: loads.map(({ source, step, count, p50Ms, p90Ms }) => [
      words.loads.step[step],
      source,
      toCount(count),
      toSpan(p50Ms),
      toSpan(p90Ms),
    ]),
    empty: words.loads.empty,
  });
}

const tellForgotten = (count: number): { hint?: string } =>
  count === 0 ? {} : { hint: words.forgotten(toCount(count)) };
