import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { createApp, type App } from "./app.ts";
import { runningServerFile, type RunningServer } from "./cli/call-server.ts";
import { ConfigError, readConfig, type Config } from "./config.ts";
import { createLog, type Log } from "./log.ts";
import { explainStartFailure } from "./explain-start-failure.ts";

/** How long rooms and jobs may take to end before the process goes anyway. */
const DRAIN_DEADLINE_MS = 15_000;
/** Well within the life of an operator's token. */
const TELL_EVERY_MS = 4 * 3_600_000;
let stopping = false;

async function main(): Promise<void> {
  const config = readConfig(process.env);
  const log = createLog(config.logLevel);
  const app = await createApp(config, { log, onFillProgress: logProgress(log) });
  const url = await start(app, config);
  const stop = (signal: string): void => void shutDown(app, config, signal);
  process.once("SIGTERM", () => stop("SIGTERM"));
  process.once("SIGINT", () => stop("SIGINT"));
  process.on("unhandledRejection", (err) => log.error({ err }, "unhandled rejection"));
  process.on("uncaughtException", (err) => {
    log.fatal({ err }, "uncaught exception");
    process.exitCode = 1;
    stop("uncaughtException");
  });
  // On a fresh machine the first conversations are still being written: nobody is to find an empty house.
  await app.pool.whenReady();
  if (!stopping) log.info({ url }, `Parley is ready: open ${url}`);
}

/** Opens the port; answers with the address at which it is reached. */
async function start(app: App, config: Config): Promise<string> {
  const { url } = await app.listen().catch(async (error: unknown) => {
    await app.close();
    throw error;
  });
  await tellCommands(app, config, url);
  setInterval(() => {
    tellCommands(app, config, url).catch((err: unknown) =>
      app.log.warn({ err }, "commands could not be told"),
    );
  }, TELL_EVERY_MS).unref();
  if (config.redis && !config.mongoUri) {
    app.log.warn(
      {},
      "REDIS_URL shares rooms, not people and conversations: several processes need MONGODB_URI too",
    );
  }
  if (config.mongoUri && app.secrets.selfMade.length > 0) {
    app.log.warn(
      { variables: app.secrets.selfMade },
      "with MONGODB_URI these must be set: other processes, and this one on another disk, will make different ones",
    );
  }
  return url;
}

/** Leaves address and token where commands of the same user find them. */
async function tellCommands(app: App, config: Config, url: string): Promise<void> {
  const { token } = await app.auth.loginAdmin(app.secrets.adminPassword);
  const running: RunningServer = { url, token, pid: process.pid };
  const path = runningServerFile(config.dataDir);
  mkdirSync(config.dataDir, { recursive: true, mode: 0o700 });
  // A new file each time: the mode counts only when the file is made.
  rmSync(path, { force: true });
  writeFileSync(path, JSON.stringify(running), { mode: 0o600 });
}

async function shutDown(app: App, config: Config, signal: string): Promise<void> {
  if (stopping) return;
  stopping = true;
  app.log.info({ signal }, "shutting down");
  setTimeout(() => {
    app.log.error({}, "rooms did not end in time; leaving anyway");
    process.exit(1);
  }, DRAIN_DEADLINE_MS).unref();
  rmSync(runningServerFile(config.dataDir), { force: true });
  try {
    await app.close();
    app.log.info({}, "stopped");
    process.exit();
  } catch (err) {
    app.log.error({ err }, "the server did not stop cleanly");
    process.exit(1);
  }
}

function logProgress(log: Log) {
  let told = 0;
  return ({ done, total }: { done: number; total: number }): void => {
    const tenth = Math.floor((done / total) * 10);
    if (tenth === told && done < total) return;
    told = tenth;
    log.info({ done, total }, `filling the pool: ${done} of ${total} conversations`);
  };
}

main().catch((error: unknown) => {
  process.stderr.write(`Parley cannot start: ${explainStartFailure(error)}\n`);
  if (!(error instanceof ConfigError) && process.env["LOG_LEVEL"] === "debug") console.error(error);
  process.exit(1);
});
