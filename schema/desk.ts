import * as z from "zod/mini";
import { CLIENT_REPORT_KINDS, CLIENT_SOURCES, LOAD_STEPS } from "./client-report.ts";
import { USER_ROLES } from "./vocabulary.ts";

/** What the operator's desk shows (`/api/admin/…`). Times are Unix milliseconds; a mean of nothing is null. */

const Figure = z.nullable(z.number());
const Count = z.number();

/** One room of any kind, of any process. */
export const RoomRow = z.object({
  roomId: z.string(),
  kind: z.string(),
  viewers: Count,
  /** Empty for a kind of room that has none. */
  topic: z.string(),
  difficulty: z.string(),
  sinceMs: z.number(),
  processId: z.string(),
});
export type RoomRow = z.infer<typeof RoomRow>;

export const UserRow = z.object({
  id: z.string(),
  name: z.string(),
  role: z.enum(USER_ROLES),
  origin: z.string(),
  createdAtMs: z.number(),
  lastSeenAtMs: z.number(),
});
export type UserRow = z.infer<typeof UserRow>;

/** A user by id; `tokensValidFromMs` is when their tokens were revoked last, 0 for never. */
export const UserCard = z.extend(UserRow, { tokensValidFromMs: z.number(), chatlings: Count });
export type UserCard = z.infer<typeof UserCard>;

const seen = { count: Count, firstSeenMs: z.number(), lastSeenMs: z.number() };

/** Where an error happened. */
export const SERVER_ERROR_KINDS = ["http", "room", "process"] as const;

/** Where something failed: a route, a room's method, or what a job was doing. */
export const ServerErrorRow = z.object({
  kind: z.enum(SERVER_ERROR_KINDS),
  where: z.string(),
  /** The error's code, or its class. */
  code: z.string(),
  ...seen,
});
export type ServerErrorRow = z.infer<typeof ServerErrorRow>;

export const ClientErrorRow = z.object({
  source: z.enum(CLIENT_SOURCES),
  kind: z.enum(CLIENT_REPORT_KINDS),
  code: z.string(),
  version: z.string(),
  ...seen,
});
export type ClientErrorRow = z.infer<typeof ClientErrorRow>;

/** How long something took; percentiles are read off bins and within about 20 %. */
export const Durations = z.object({ count: Count, meanMs: Figure, p50Ms: Figure, p90Ms: Figure });
export type Durations = z.infer<typeof Durations>;

/** What went wrong since `sinceMs`, most frequent first; of this process. */
export const ErrorReport = z.object({
  sinceMs: z.number(),
  server: z.array(ServerErrorRow),
  client: z.array(ClientErrorRow),
  /** Errors whose rows gave way to more frequent ones. */
  forgotten: z.object({ server: Count, client: Count }),
  loads: z.array(z.extend(Durations, { source: z.enum(CLIENT_SOURCES), step: z.enum(LOAD_STEPS) })),
});
export type ErrorReport = z.infer<typeof ErrorReport>;

/** The process that answers, and who else there is. */
export const ProcessReport = z.object({
  processId: z.string(),
  version: z.string(),
  node: z.string(),
  uptimeSeconds: z.number(),
  store: z.enum(["sqlite", "mongodb"]),
  /** Whether it looks after the pool. */
  isLeader: z.boolean(),
  rooms: Count,
  /** Seats in them. */
  viewers: Count,
  /** Open connections, HTTP and WebSocket. */
  connections: Count,
  /** Of one core, over the last minute; may be above 1. */
  cpuShare: Figure,
  /** How much later than due timers ran, over the last minute. */
  eventLoopDelay: z.object({ p50Ms: z.number(), p99Ms: z.number(), maxMs: z.number() }),
  memory: z.object({ rssBytes: Count, heapUsedBytes: Count, heapTotalBytes: Count, externalBytes: Count }),
  processes: z.array(z.object({ processId: z.string(), rooms: Count, connections: Count })),
});
export type ProcessReport = z.infer<typeof ProcessReport>;

/** The pool at one moment, with the names of `GET /api/admin/pool`. */
export const PoolSample = z.object({
  atMs: z.number(),
  active_conversations: Count,
  average_age_hours: Figure,
  view_count_per_conversation: z.number(),
  unique_users_24h: Count,
  generation_success_rate: Figure,
  average_match_score: Figure,
  coverage_by_difficulty: z.object({ simple: Count, medium: Count, complex: Count }),
  /** Topics with at least one conversation, and how many the least and the most covered have. */
  coverage_by_topic: z.object({ topics: Count, fewest: Count, most: Count }),
  /** Active conversations of those a full pool has. */
  fill_share: z.number(),
  /** Conversations this process wrote since the sample before, and those it failed to. */
  written: Count,
  failed: Count,
  /** Alerts are judged by the leader alone. */
  isLeader: z.boolean(),
  alerts: z.array(z.string()),
});
export type PoolSample = z.infer<typeof PoolSample>;

export const TopicCoverage = z.object({
  topicId: z.string(),
  /** Null for a topic that was removed while conversations about it are left. */
  topic: z.nullable(z.string()),
  active: Count,
  simple: Count,
  medium: Count,
  complex: Count,
});
export type TopicCoverage = z.infer<typeof TopicCoverage>;

/** Samples oldest first; the topics as they are covered now, most covered first. */
export const PoolHistory = z.object({
  everyMs: z.number(),
  samples: z.array(PoolSample),
  topics: z.array(TopicCoverage),
});
export type PoolHistory = z.infer<typeof PoolHistory>;

/** Active conversations by topic and difficulty, an entry for each of `hours` (when it began), oldest first. */
export const PoolCoverage = z.object({
  hours: z.array(z.number()),
  /** Most covered first. */
  topics: z.array(
    z.object({
      topicId: z.string(),
      /** Null for a topic that was removed. */
      topic: z.nullable(z.string()),
      simple: z.array(Count),
      medium: z.array(Count),
      complex: z.array(Count),
    }),
  ),
});
export type PoolCoverage = z.infer<typeof PoolCoverage>;

/** The writing of conversations beyond the hourly batch, as an operator asked for it. */
export const GenerationJob = z.object({
  jobId: z.string(),
  /** One waits for those before it; one has failed when it ended before all were tried. */
  status: z.enum(["waiting", "running", "done", "failed"]),
  wanted: Count,
  written: Count,
  /** Known when it has ended. */
  failed: Count,
  askedAtMs: z.number(),
  /** Null until then. */
  endedAtMs: Figure,
});
export type GenerationJob = z.infer<typeof GenerationJob>;

/** What audiences of this process did on one day (UTC). */
export const EngagementDay = z.object({
  day: z.string(),
  /** Viewings of conversations in which the first line was seen, and those in which the last one was too. */
  started: Count,
  finished: Count,
  watchThrough: Figure,
  /** Different viewers, within about 2 %. */
  viewers: Count,
  reactions: Count,
  reactionsPerViewer: Figure,
  /** Visits that ended on this day. */
  sessions: Durations,
});
export type EngagementDay = z.infer<typeof EngagementDay>;

/** Of the people who first came in a past week, those who were here again so many days later, or after that. */
export const ReturnShare = z.object({
  afterDays: z.number(),
  newcomers: Count,
  returned: Count,
  share: Figure,
});
export type ReturnShare = z.infer<typeof ReturnShare>;

export const EngagementReport = z.object({
  sinceMs: z.number(),
  /** Newest first. */
  days: z.array(EngagementDay),
  returns: z.array(ReturnShare),
});
export type EngagementReport = z.infer<typeof EngagementReport>;
