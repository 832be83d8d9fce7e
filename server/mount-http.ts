import type { Room } from "@colyseus/core";
import type { Application, RequestHandler } from "express";
import type { LiveChatroom } from "#schema/api.ts";
import type { Clock } from "#ai/clock.ts";
import type { ObservedView } from "#ai/pool/health.ts";
import type { Auth } from "./auth.ts";
import type { CastChanges } from "./cast-changes.ts";
import type { CastLoader } from "./cast-loader.ts";
import type { Config } from "./config.ts";
import type { Pool } from "./create-pool.ts";
import type { Desk } from "./desk/create-desk.ts";
import type { Experiments } from "./experiments/create-experiments.ts";
import type { Spending } from "./spending/create-spending.ts";
import { createAdminDeskRoutes } from "./http/admin-desk-routes.ts";
import { createAdminExperimentsRoutes } from "./http/admin-experiments-routes.ts";
import { createAdminPeopleRoutes } from "./http/admin-people-routes.ts";
import { createAdminPoolRoutes } from "./http/admin-pool-routes.ts";
import { createAdminSpendingRoutes } from "./http/admin-spending-routes.ts";
import { createApiDocsRoutes } from "./http/api-docs-routes.ts";
import { createAuthRoutes } from "./http/auth-routes.ts";
import { createChatlingRoutes } from "./http/chatling-routes.ts";
import { createClientErrorsRoute } from "./http/client-errors-route.ts";
import { createConversationRoute } from "./http/conversation-route.ts";
import { answerNotFound, createErrorHandler } from "./http/error-handler.ts";
import { onAnswered } from "./http/on-answered.ts";
import { createLastingRoutes } from "./http/lasting-routes.ts";
import { createMeRoutes } from "./http/me-routes.ts";
import { mountMonitor } from "./http/monitor.ts";
import { mountRoutes } from "./http/mount-routes.ts";
import { createOperationRoutes, type OperationsOptions } from "./http/operations.ts";
import type { IsAllowedOrigin } from "./http/origin.ts";
import type { RateLimits } from "./http/rate-limit.ts";
import { createTopicRoutes } from "./http/topic-routes.ts";
import { createUsageRoutes } from "./http/usage-routes.ts";
import { mountWebApp } from "./http/web-app.ts";
import type { Log } from "./log.ts";
import type { Metrics } from "./metrics.ts";
import { newId } from "./new-id.ts";
import type { Repositories } from "./open-repositories.ts";
import { exportPerson } from "./people.ts";
import { readTraits } from "./read-traits.ts";

export interface HttpOptions {
  readonly config: Config;
  readonly log: Log;
  readonly clock: Clock;
  readonly metrics: Metrics;
  readonly rateLimits: RateLimits;
  readonly auth: Auth;
  readonly adminPassword: string;
  readonly jwtSecret: Uint8Array;
  readonly isAllowedOrigin: IsAllowedOrigin;
  readonly repositories: Repositories;
  readonly casts: CastLoader;
  readonly castChanges: Pick<CastChanges, "tell">;
  readonly pool: Pool;
  readonly desk: Desk;
  /** The rooms of this process. */
  readonly rooms: ReadonlySet<Room>;
  readonly spending: Spending;
  readonly experiments: Experiments;
  readonly erase: (userId: string) => Promise<void>;
  readonly listChatrooms: () => Promise<LiveChatroom[]>;
  /** Told of every view that is recorded. */
  readonly observeView: (view: ObservedView) => void;
  readonly operations: Omit<OperationsOptions, "readMetrics" | "nowMs" | "activeConversations">;
}

/** Puts everything that is served over HTTP onto Express, in order. */
export function mountHttp(app: Application, options: HttpOptions): void {
  const { config, log, clock, metrics, rateLimits, auth, repositories, casts, castChanges, pool } = options;
  const nowMs = (): number => clock.nowMs();
  app.disable("x-powered-by");
  // Answers of the API are never stored, so there is nothing to compare them with.
  app.disable("etag");
  app.set("trust proxy", config.trustProxyHops);
  app.use(observe(metrics));
  const operations = createOperationRoutes({
    ...options.operations,
    readMetrics: () => readMetrics(options),
    nowMs,
    activeConversations: () => pool.active.size,
  });
  mountRoutes(app, operations, { auth, rateLimits });
  mountMonitor(app, options.adminPassword, rateLimits);
  const routes = [
    // Express tries one after another, so what is called most comes first.
    createConversationRoute({
      loadCast: (userId) => casts.load(userId),
      chooser: pool.chooser,
      onTaken(userId, { conversation, cast }) {
        options.observeView({ userId, conversationId: conversation.id, cast });
      },
    }),
    ...createAuthRoutes(auth),
    ...createLastingRoutes({ ...options, nowMs }),
    ...createMeRoutes({
      getUser: (userId) => repositories.users.get(userId),
      rename: (userId, name) => repositories.users.rename(userId, name, nowMs()),
      exportAll: (userId) => exportPerson(repositories, userId, nowMs()),
      erase: options.erase,
    }),
    ...createChatlingRoutes({
      chatlings: repositories.chatlings,
      views: repositories.views,
      getConversation: (id) => pool.reader.get(id),
      readTraits,
      newId,
      nowMs,
      onChanged: (ownerId) => castChanges.tell(ownerId),
    }),
    ...createTopicRoutes({
      topics: repositories.topics,
      listChatrooms: options.listChatrooms,
      newId,
      nowMs,
    }),
    ...createUsageRoutes(options.spending),
    ...createAdminDeskRoutes(options.desk),
    ...createAdminSpendingRoutes(options.spending),
    ...createAdminExperimentsRoutes(options.experiments),
    createClientErrorsRoute((reports) => options.desk.takeClientReports(reports)),
    ...createAdminPoolRoutes({ pool, conversations: repositories.conversations, nowMs }),
    ...createAdminPeopleRoutes({
      users: repositories.users,
      chatlings: repositories.chatlings,
      revoke: (userId) => auth.revoke(userId),
      onChatlingsChanged: (ownerId) => castChanges.tell(ownerId),
      newId,
      nowMs,
    }),
  ];
  const docs = createApiDocsRoutes([...routes, ...operations], options.operations);
  mountRoutes(app, [...routes, ...docs], { auth, rateLimits });
  mountWebApp(app);
  app.use(answerNotFound);
  app.use(createErrorHandler(log));
}

/** The metrics as Prometheus text, gauges as they are now. */
function readMetrics({ metrics, pool, rooms, desk }: HttpOptions): Promise<string> {
  metrics.setEventLoopDelay(desk.readEventLoopDelay());
  const viewers = [...rooms].reduce((sum, room) => sum + room.clients.length, 0);
  metrics.setLive(rooms.size, viewers);
  const isLeader = pool.job.isLeader();
  metrics.setPool(isLeader ? pool.health.figures() : null);
  metrics.setAlerts(isLeader ? pool.alerts.raised().map(({ name }) => name) : null);
  return metrics.registry.metrics();
}

/** Times every request by its route's pattern; unknown addresses share one label. */
function observe(metrics: Metrics): RequestHandler {
  return (request, response, next) => {
    onAnswered(response, (seconds) => {
      metrics.observeHttp({
        method: request.method,
        route: request.route ? String(request.route.path) : "other",
        status: response.statusCode,
        seconds,
      });
    });
    next();
  };
}
