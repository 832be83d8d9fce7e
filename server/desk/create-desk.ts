import type { Server } from "node:http";
import type { Room } from "@colyseus/core";
import type {
  EngagementReport,
  ErrorReport,
  PoolCoverage,
  PoolHistory,
  ProcessReport,
  RoomRow,
} from "#schema/desk.ts";
import type { ClientReports } from "#schema/client-report.ts";
import type { Clock } from "#ai/clock.ts";
import type { EngagementPort } from "#rooms/chatroom/attention.ts";
import type { Pool } from "../create-pool.ts";
import type { Log } from "../log.ts";
import type { Metrics } from "../metrics.ts";
import type { Repositories } from "../open-repositories.ts";
import { createClientReports } from "./client-reports.ts";
import { createCoverageHistory } from "./coverage-history.ts";
import { createEngagement } from "./engagement.ts";
import { listRooms } from "./list-rooms.ts";
import { createPoolHistory, SAMPLE_EVERY_MS } from "./pool-history.ts";
import { createProcessHealth } from "./process-health.ts";
import { readProcess } from "./read-process.ts";
import { createReturnShares } from "./return-shares.ts";
import type { ServerErrors } from "./server-errors.ts";
import { readTopicCoverage } from "./topic-coverage.ts";

/** What the person on call can ask; what nobody else keeps is kept here, in bounded memory. */
export interface Desk {
  /** Rooms of all kinds and processes, fullest first. */
  listRooms(): Promise<RoomRow[]>;
  readErrors(): ErrorReport;
  readProcess(): Promise<ProcessReport>;
  /** How late this process' timers ran in the last whole minute. */
  readEventLoopDelay(): ProcessReport["eventLoopDelay"];
  readPoolHistory(hours: number, points: number): Promise<PoolHistory>;
  /** Coverage by topic and difficulty over the last hours, in at most `points` of them. */
  readPoolCoverage(hours: number, points: number): Promise<PoolCoverage>;
  readEngagement(): Promise<EngagementReport>;
  takeClientReports(reports: ClientReports): void;
  /** To be told of what this process generated. */
  noteGenerated(written: number, failed: number): void;
  /** Where rooms tell what their audiences do. */
  readonly engagement: EngagementPort;
  start(): void;
  stop(): void;
}

export interface DeskOptions {
  readonly clock: Clock;
  readonly log: Log;
  readonly metrics: Metrics;
  readonly serverErrors: ServerErrors;
  readonly pool: Pick<Pool, "active" | "health" | "alerts" | "job">;
  readonly repositories: Pick<Repositories, "users" | "topics" | "coverageHours">;
  readonly storeEngine: ProcessReport["store"];
  /** The rooms and the listener of this process, once there are any. */
  readonly rooms: () => ReadonlySet<Room>;
  readonly http: () => Server;
}

/** Nothing is sampled until the desk is started. */
export function createDesk(options: DeskOptions): Desk {
  const { clock, metrics, pool, repositories, serverErrors } = options;
  const sinceMs = clock.nowMs();
  const clientReports = createClientReports(() => clock.nowMs(), metrics);
  const engagement = createEngagement(clock, metrics);
  const readReturns = createReturnShares(clock, (...range) => repositories.users.newcomers(...range));
  const getTopic = (id: string) => repositories.topics.get(id);
  const poolHistory = createPoolHistory(pool, clock);
  const coverage = createCoverageHistory({
    pool,
    coverageHours: repositories.coverageHours,
    getTopic,
    clock,
    log: options.log,
  });
  const health = createProcessHealth(clock);
  return {
    listRooms,
    readErrors: () => ({
      sinceMs,
      server: serverErrors.rows(),
      client: clientReports.rows(),
      forgotten: { server: serverErrors.forgotten(), client: clientReports.forgotten() },
      loads: clientReports.loads(),
    }),
    readProcess: () =>
      readProcess({
        uptimeMs: clock.nowMs() - sinceMs,
        store: options.storeEngine,
        isLeader: pool.job.isLeader(),
        rooms: options.rooms(),
        http: options.http(),
        health,
      }),
    readEventLoopDelay: () => health.figures().eventLoopDelay,
    readPoolHistory: async (hours, points) => ({
      everyMs: SAMPLE_EVERY_MS,
      samples: poolHistory.samples(hours, points),
      topics: await readTopicCoverage(pool.active, getTopic),
    }),
    readPoolCoverage: (hours, points) => coverage.read(hours, points),
    readEngagement: async () => ({ sinceMs, days: engagement.days(), returns: await readReturns() }),
    takeClientReports: (reports) => clientReports.take(reports),
    noteGenerated: (written, failed) => poolHistory.noteGenerated(written, failed),
    engagement,
    start() {
      poolHistory.start();
      coverage.start();
      health.start();
    },
    stop() {
      poolHistory.stop();
      coverage.stop();
      health.stop();
    },
  };
}
