import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from "prom-client";
import {
  CLIENT_REPORT_KINDS,
  CLIENT_SOURCES,
  type ClientReportKind,
  type ClientSource,
  type LoadStep,
} from "#schema/client-report.ts";
import { SERVER_ERROR_KINDS, type ProcessReport, type ServerErrorRow } from "#schema/desk.ts";
import { POOL_ALERTS, type PoolAlert } from "#ai/pool/alerts.ts";
import { MODEL_METHODS, type GenerationEvent } from "#ai/pool/generation-event.ts";
import type { PoolFigures } from "#ai/pool/health.ts";
import type { Watching } from "#rooms/chatroom/attention.ts";

export interface HttpObservation {
  readonly method: string;
  readonly route: string;
  readonly status: number;
  readonly seconds: number;
}

export interface Metrics {
  readonly registry: Registry;
  observeHttp(observation: HttpObservation): void;
  observeCastingScore(score: number): void;
  countGenerated(written: number, failed: number): void;
  countGenerationEvent(event: GenerationEvent): void;
  setLive(rooms: number, viewers: number): void;
  /** Pool gauges appear only while this process holds the pool's lease, so that a sum over processes is true. */
  setPool(figures: PoolFigures | null): void;
  /** Alerts too are the lease holder's. */
  setAlerts(raised: readonly PoolAlert[] | null): void;
  countServerError(kind: ServerErrorRow["kind"]): void;
  countClientReport(source: ClientSource, kind: ClientReportKind, count: number): void;
  observeLoad(step: LoadStep, seconds: number): void;
  observeWatching(watching: Watching): void;
  observeSession(seconds: number): void;
  setEventLoopDelay(delay: ProcessReport["eventLoopDelay"]): void;
}

const HOUR_MS = 3_600_000;

/**
 * The process' Prometheus metrics: `parley_…`, base units, labels from closed lists only. Counters stand at 0 from the
 * start, as Prometheus sees no increase in the first value it meets.
 */
export function createMetrics(): Metrics {
  const registry = new Registry();
  // The package's own probe of the event loop wakes the process a hundred times a second: it is put to sleep, its
  // figures are taken off, and the desk's told instead.
  collectDefaultMetrics({ register: registry, eventLoopMonitoringPrecision: HOUR_MS });
  for (const figure of ["min", "max", "mean", "stddev", "p50", "p90", "p99"]) {
    registry.removeSingleMetric(`nodejs_eventloop_lag_${figure}_seconds`);
  }
  const registers = [registry];
  const http = new Histogram({
    name: "parley_http_request_duration_seconds",
    help: "Time from a request's arrival to its answer's end",
    labelNames: ["method", "route", "status"],
    buckets: [0.001, 0.003, 0.01, 0.03, 0.1, 0.3, 1, 3],
    registers,
  });
  const score = new Histogram({
    name: "parley_casting_score",
    help: "Match scores (0 to 10) of chatlings cast into roles",
    buckets: [1, 2, 3, 4, 5, 6, 7, 8, 9, 10],
    registers,
  });
  const generated = new Counter({
    name: "parley_pool_generated_conversations_total",
    help: "Conversations this process wrote for the pool, by outcome",
    labelNames: ["outcome"],
    registers,
  });
  for (const outcome of ["written", "failed"]) generated.inc({ outcome }, 0);
  const rooms = new Gauge({ name: "parley_chatrooms", help: "Live chatrooms of this process", registers });
  const viewers = new Gauge({ name: "parley_chatroom_viewers", help: "Viewers in them", registers });
  const delay = new Gauge({
    name: "parley_event_loop_delay_seconds",
    help: "How late timers ran in the last whole minute",
    labelNames: ["quantile"],
    registers,
  });
  const pool = createPoolGauges(registers);
  return {
    registry,
    observeHttp: ({ method, route, status, seconds }) => http.observe({ method, route, status }, seconds),
    observeCastingScore: (value) => score.observe(value),
    countGenerated(written, failed) {
      generated.inc({ outcome: "written" }, written);
      generated.inc({ outcome: "failed" }, failed);
    },
    setLive(roomCount, viewerCount) {
      rooms.set(roomCount);
      viewers.set(viewerCount);
    },
    setEventLoopDelay({ p50Ms, p99Ms, maxMs }) {
      for (const [quantile, ms] of Object.entries({ "0.5": p50Ms, "0.99": p99Ms, "1": maxMs })) {
        delay.set({ quantile }, ms / 1000);
      }
    },
    countGenerationEvent: createModelCounter(registers),
    setPool: pool,
    setAlerts: createAlertGauge(registers),
    ...createErrorCounters(registers),
    ...createAudienceCounters(registers),
  };
}

/** Of conversations that models have a part in: how many were stored, not let in, or left to the offline writer. */
function createModelCounter(registers: Registry[]): Metrics["countGenerationEvent"] {
  const counter = new Counter({
    name: "parley_pool_model_conversations_total",
    help: "Conversations models were asked for by this process, by method and what became of them",
    labelNames: ["method", "outcome"],
    registers,
  });
  for (const method of MODEL_METHODS) {
    for (const outcome of ["written", "rejected", "fell-back"]) counter.inc({ method, outcome }, 0);
  }
  return ({ method, type }) => {
    if (method !== "template") counter.inc({ method, outcome: type });
  };
}

function createErrorCounters(
  registers: Registry[],
): Pick<Metrics, "countServerError" | "countClientReport" | "observeLoad"> {
  const server = new Counter({
    name: "parley_server_errors_total",
    help: "What this process logged as an error, by where it happened",
    labelNames: ["kind"],
    registers,
  });
  const client = new Counter({
    name: "parley_client_reports_total",
    help: "Errors and loads that pages and SDKs reported, weighted by their sampling",
    labelNames: ["source", "kind"],
    registers,
  });
  const load = new Histogram({
    name: "parley_client_load_seconds",
    help: "Time from a navigation's start to a step of the page's load, as pages reported",
    labelNames: ["step"],
    buckets: [0.1, 0.2, 0.5, 1, 2, 3, 5, 10, 30],
    registers,
  });
  for (const kind of SERVER_ERROR_KINDS) server.inc({ kind }, 0);
  for (const source of CLIENT_SOURCES) {
    for (const kind of CLIENT_REPORT_KINDS) client.inc({ source, kind }, 0);
  }
  return {
    countServerError: (kind) => server.inc({ kind }),
    countClientReport: (source, kind, count) => client.inc({ source, kind }, count),
    // The label has no unit in its name: "firstLineMs" in seconds would be read wrongly.
    observeLoad: (step, seconds) => load.observe({ step: step.replace(/Ms$/, "") }, seconds),
  };
}

function createAudienceCounters(registers: Registry[]): Pick<Metrics, "observeWatching" | "observeSession"> {
  const watches = new Counter({
    name: "parley_chatroom_watches_total",
    help: "Viewings of conversations that reached the first line, and the last",
    labelNames: ["reached"],
    registers,
  });
  for (const reached of ["first-line", "last-line"]) watches.inc({ reached }, 0);
  const reactions = new Counter({ name: "parley_chatroom_reactions_total", help: "Reactions", registers });
  const sessions = new Histogram({
    name: "parley_chatroom_session_duration_seconds",
    help: "How long visitors stayed, from room to room",
    buckets: [10, 30, 60, 120, 300, 600, 1200, 1800, 3600, 7200],
    registers,
  });
  return {
    observeWatching({ started, finished, reactions: count }) {
      watches.inc({ reached: "first-line" }, started);
      watches.inc({ reached: "last-line" }, finished);
      reactions.inc(count);
    },
    observeSession: (seconds) => sessions.observe(seconds),
  };
}

function createAlertGauge(registers: Registry[]): Metrics["setAlerts"] {
  const gauge = new Gauge({
    name: "parley_pool_alert",
    help: "1 while the alert is raised, else 0",
    labelNames: ["alert"],
    registers,
  });
  return (raised) => {
    gauge.reset();
    if (raised) for (const alert of POOL_ALERTS) gauge.set({ alert }, raised.includes(alert) ? 1 : 0);
  };
}

function createPoolGauges(registers: Registry[]): Metrics["setPool"] {
  // A gauge with labels shows nothing until it is set and can be emptied again, unlike one without.
  const gauge = (name: string, help: string) => new Gauge({ name, help, labelNames: ["pool"], registers });
  const active = gauge("parley_pool_active_conversations", "Conversations a viewer can be given now");
  const age = gauge("parley_pool_age_seconds", "Mean age of the active conversations");
  const views = gauge("parley_pool_views_per_conversation", "Mean views of the active conversations");
  const users = gauge("parley_pool_unique_users_24h", "Users given a conversation in the last 24 hours");
  const all = [active, age, views, users];
  return (figures) => {
    if (!figures) {
      for (const each of all) each.reset();
      return;
    }
    const labels = { pool: "chatroom" };
    active.set(labels, figures.active_conversations);
    age.set(labels, (figures.average_age_hours ?? 0) * 3600);
    views.set(labels, figures.view_count_per_conversation);
    users.set(labels, figures.unique_users_24h);
  };
}
