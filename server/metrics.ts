import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from "prom-client";
import type { PoolFigures } from "#ai/pool/health.ts";

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
  setLive(rooms: number, viewers: number): void;
  /** Pool gauges appear only while this process holds the pool's lease, so that a sum over processes is true. */
  setPool(figures: PoolFigures | null): void;
}

/** The process' Prometheus metrics: `parley_…`, base units, labels from closed lists only. */
export function createMetrics(): Metrics {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
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
  const rooms = new Gauge({ name: "parley_chatrooms", help: "Live chatrooms of this process", registers });
  const viewers = new Gauge({ name: "parley_chatroom_viewers", help: "Viewers in them", registers });
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
    setPool: pool,
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
