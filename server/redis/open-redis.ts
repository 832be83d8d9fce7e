import { once, type EventEmitter } from "node:events";
import { connect } from "node:net";
import type { ServerOptions } from "@colyseus/core";
import { ConfigError, type Config } from "../config.ts";
import type { Log } from "../log.ts";

/** Longer than a healthy Redis ever takes, short enough to wait for at a terminal. */
const CONNECT_WITHIN_MS = 5000;

/**
 * What several processes share their rooms by.
 * @throws ConfigError when Redis cannot be reached at the start; losing it later is waited out
 */
export async function openRedis(
  { url, publicAddress }: NonNullable<Config["redis"]>,
  log: Log,
): Promise<Pick<ServerOptions, "driver" | "presence" | "publicAddress">> {
  const [{ RedisDriver }, { RedisPresence }] = await Promise.all([
    import("@colyseus/redis-driver"),
    import("@colyseus/redis-presence"),
  ]);
  await requireReachable(new URL(url));
  const patient = withPatience(url);
  const presence = new RedisPresence(patient);
  // A wrong password shows only now.
  await presence.exists("parley").catch((cause: unknown) => {
    throw new ConfigError("REDIS_URL: Redis refuses to be used", { cause });
  });
  const driver = new RedisDriver(patient);
  // Its client, without a listener, writes every failed attempt to standard error.
  tellOfLosses(driver["_client"], log);
  return { driver, presence, publicAddress };
}

function tellOfLosses(client: Pick<EventEmitter, "on">, log: Log): void {
  let lost = false;
  client.on("error", (err) => {
    if (!lost) log.warn({ err }, "Redis is lost; trying on");
    lost = true;
  });
  client.on("ready", () => {
    if (lost) log.info({}, "Redis is back");
    lost = false;
  });
}

/**
 * Commands wait until a lost Redis is back. By default they fail after a while, and the driver keeps a failed
 * reading of the listings for ever.
 */
function withPatience(url: string): string {
  const patient = new URL(url);
  patient.searchParams.set("maxRetriesPerRequest", "-1");
  return patient.href;
}

async function requireReachable({ hostname, port, host }: URL): Promise<void> {
  const socket = connect({ host: hostname.replace(/^\[|\]$/g, ""), port: Number(port) || 6379 });
  try {
    await once(socket, "connect", { signal: AbortSignal.timeout(CONNECT_WITHIN_MS) });
  } catch (cause) {
    throw new ConfigError(`REDIS_URL: Redis at ${host} cannot be reached`, { cause });
  } finally {
    socket.destroy();
  }
}
