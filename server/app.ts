import { randomUUID } from "node:crypto";
import type { AddressInfo } from "node:net";
import { matchMaker } from "@colyseus/core";
import { openStore } from "#data/open.ts";
import { readStarterTopics } from "#data/content/read-starter-topics.ts";
import { systemClock, type Clock } from "#ai/clock.ts";
import { readCatalogue } from "#ai/catalogue/read-catalogue.ts";
import type { Experiment } from "#ai/experiments/read-experiments.ts";
import type { GatewayLimits } from "#ai/gateway/gateway.ts";
import type { FillProgress } from "#ai/pool/filler.ts";
import type { ObservedView } from "#ai/pool/health.ts";
import { createRng } from "#ai/rng.ts";
import type { ChatroomLimits } from "#rooms/chatroom/deps.ts";
import { createAuth, type Auth } from "./auth.ts";
import { createCastChanges } from "./cast-changes.ts";
import { createCastLoader } from "./cast-loader.ts";
import { createColyseus, openPort } from "./colyseus.ts";
import type { Config } from "./config.ts";
import { createChatrooms, listChatrooms } from "./create-chatrooms.ts";
import { createEraser, withoutErased } from "./create-eraser.ts";
import { createPool, type Pool } from "./create-pool.ts";
import { createDesk } from "./desk/create-desk.ts";
import { createServerErrors } from "./desk/server-errors.ts";
import { withErrorCount } from "./desk/with-error-count.ts";
import { guardFrontDoor } from "./http/front-door.ts";
import { createOriginCheck } from "./http/origin.ts";
import { createRateLimits } from "./http/rate-limit.ts";
import { createTrustedVerifier } from "./identity.ts";
import { createLog, type Log } from "./log.ts";
import { createMetrics } from "./metrics.ts";
import { openWriting } from "./models/open-writing.ts";
import { openModels } from "./models/open-models.ts";
import { mountHttp } from "./mount-http.ts";
import { newId } from "./new-id.ts";
import { openRepositories, type Repositories } from "./open-repositories.ts";
import { watchConnections } from "./drain.ts";
import { welcome } from "./people.ts";
import { readSecrets, type Secrets } from "./secrets.ts";
import { createListingSweep } from "./redis/create-listing-sweep.ts";
import { createFeedJob } from "./topics/feed-job.ts";
import { trackRooms } from "./track-rooms.ts";
import { VERSION } from "./version.ts";

/** What tests and benchmarks replace; `main` replaces nothing. */
export interface AppOptions {
  readonly clock?: Clock;
  readonly log?: Log;
  /** Makes every choice reproducible. */
  readonly seed?: string;
  readonly chatroomLimits?: Partial<ChatroomLimits>;
  readonly gatewayLimits?: Partial<GatewayLimits>;
  /** Instead of those in the server's own file. */
  readonly experiments?: readonly Experiment[];
  /** False leaves the pool as the store has it. */
  readonly fillPool?: boolean;
  readonly onFillProgress?: (progress: FillProgress) => void;
}

export interface App {
  readonly auth: Auth;
  readonly log: Log;
  readonly pool: Pool;
  readonly repositories: Repositories;
  readonly secrets: Secrets;
  /** Opens the port; resolves with where it is reached on this machine. */
  listen(): Promise<{ url: string; port: number }>;
  /** Refuses newcomers, ends rooms and jobs, writes what is left and closes the store. */
  close(): Promise<void>;
}

/**
 * Connects all parts into one server, which owns the store, the jobs and the port until it is closed.
 * @throws ConfigError, or the store's errors when it cannot be opened
 */
export async function createApp(config: Config, options: AppOptions = {}): Promise<App> {
  const clock = options.clock ?? systemClock;
  const metrics = createMetrics();
  const serverErrors = createServerErrors(() => clock.nowMs());
  const log = withErrorCount(options.log ?? createLog(config.logLevel), (fields, message) => {
    metrics.countServerError(serverErrors.note(fields, message).kind);
  });
  const rng = createRng(options.seed ?? randomUUID());
  const processName = randomUUID();
  const models = await openModels({ settings: config.models, catalogue: readCatalogue(), clock, log });
  const secrets = readSecrets(config);
  const store = await openStore({
    dataDir: config.dataDir,
    dataKey: secrets.dataKey,
    ...(config.mongoUri && { mongoUri: config.mongoUri }),
    log,
  });
  const everything = await openRepositories(store);
  const eraser = createEraser({
    store,
    repositories: everything,
    log,
    rooms: () => rooms,
    forget(userId) {
      auth.forget(userId);
      writing.forgetAccount(userId);
      casts.forget(userId);
      pool.chooser.forget(userId);
      pool.unique?.forget(userId);
    },
  });
  const repositories = withoutErased(everything, eraser.isErased);
  await repositories.topics.putStarters(readStarterTopics(clock.nowMs()));

  const rateLimits = createRateLimits(config.rateLimitScale);
  const { trusted } = config;
  const auth = createAuth({
    users: repositories.users,
    jwtSecret: secrets.jwtSecret,
    adminPassword: secrets.adminPassword,
    clock,
    newId,
    isErasing: eraser.isErasing,
    async welcome(userId) {
      eraser.readmit(userId);
      await welcome(repositories, userId, clock.nowMs());
      // Who was just made will be at the door in a moment.
      await casts.load(userId);
    },
    ...(trusted && { trusted: { issuer: trusted.issuer, verify: createTrustedVerifier(trusted, clock) } }),
  });
  const casts = createCastLoader(repositories.chatlings);
  const castChanges = createCastChanges({ presence: () => matchMaker.presence, log });
  // First, so that whoever hears of a change reads the new collection.
  castChanges.subscribe((userId) => casts.forget(userId));
  const writing = await openWriting({
    config,
    models,
    repositories,
    metrics,
    processName,
    isLeader: () => pool.job.isLeader(),
    limits: options.gatewayLimits,
    experiments: options.experiments,
    clock,
    rng,
    log,
  });
  const pool = createPool({
    repositories,
    runTask: writing.runTask,
    ...writing.forPool,
    clock,
    rng,
    log,
    processName,
    onProgress: options.onFillProgress,
    onGenerated(written, failed) {
      metrics.countGenerated(written, failed);
      desk.noteGenerated(written, failed);
    },
  });
  const desk = createDesk({
    clock,
    log,
    metrics,
    serverErrors,
    pool,
    repositories,
    storeEngine: store.engine,
    rooms: () => rooms,
    http: () => http,
  });
  const observeView = (view: ObservedView): void => {
    pool.health.observeView(view);
    for (const { score } of view.cast) metrics.observeCastingScore(score);
  };
  const chatroom = createChatrooms({
    auth,
    casts,
    castChanges,
    pool,
    repositories,
    observeView,
    engagement: desk.engagement,
    experiments: writing.experiments,
    clock,
    rng,
    playbackSpeed: config.playbackSpeed,
    limits: options.chatroomLimits,
    log,
    isErased: eraser.isErased,
  });

  const rooms = trackRooms([chatroom]);

  let draining = false;
  const isAllowedOrigin = createOriginCheck(config.allowedOrigins);
  const { colyseus, http, express } = await createColyseus({
    config,
    log,
    isAllowedOrigin,
    rooms: { chatroom },
    mountHttp: (app) =>
      mountHttp(app, {
        config,
        log,
        clock,
        metrics,
        rateLimits,
        auth,
        adminPassword: secrets.adminPassword,
        jwtSecret: secrets.jwtSecret,
        isAllowedOrigin,
        repositories,
        casts,
        castChanges,
        pool,
        desk,
        rooms,
        spending: writing.spending,
        experiments: writing.experiments,
        erase: eraser.erase,
        listChatrooms,
        observeView,
        operations: {
          version: VERSION,
          startedAtMs: clock.nowMs(),
          checkStore: () => store.check(),
          breakers: () => writing.breakers(),
          isDraining: () => draining,
        },
      }),
  });
  const connections = watchConnections(http);
  const feed =
    config.feed &&
    createFeedJob({
      ...config.feed,
      clock,
      log,
      newId,
      importTopics: (topics) => repositories.topics.importMany(topics),
      isLeader: () => pool.job.isLeader(),
    });
  const sweep = config.redis && createListingSweep({ clock, log });

  return { auth, log, pool, repositories, secrets, listen, close };

  async function listen(): Promise<{ url: string; port: number }> {
    await pool.sync.start();
    await openPort(colyseus, http, config);
    guardFrontDoor(http, express, {
      log,
      observeHttp: (observation) => metrics.observeHttp(observation),
      isAllowedOrigin,
      rateLimits,
      trustProxyHops: config.trustProxyHops,
      isDraining: () => draining,
      hasPeers: config.redis !== undefined,
    });
    await eraser.listen();
    await castChanges.listen();
    desk.start();
    writing.start();
    if (options.fillPool !== false) pool.job.start();
    feed?.start();
    sweep?.start();
    const { port } = http.address() as AddressInfo;
    return { url: `${config.tls ? "https" : "http"}://localhost:${port}`, port };
  }

  async function close(): Promise<void> {
    draining = true;
    feed?.stop();
    sweep?.stop();
    desk.stop();
    await pool.job.stop();
    await pool.generation.settled();
    const ended = connections.ended();
    await colyseus.gracefullyShutdown(false);
    await ended;
    await pool.sync.stop();
    await pool.unique?.stop();
    await writing.close();
    await store.close();
  }
}
