import type { Presence, ServerOptions } from "@colyseus/core";
import { ConfigError, type Config } from "../config.ts";

/** Longer than a healthy Redis ever takes, short enough to wait for at a terminal. */
const CONNECT_WITHIN_MS = 5000;

/**
 * What several processes share their rooms by.
 * @throws ConfigError when Redis cannot be reached at the start; losing it later is waited out
 */
export async function openRedis({
  url,
  publicAddress,
}: NonNullable<Config["redis"]>): Promise<Pick<ServerOptions, "driver" | "presence" | "publicAddress">> {
  const [{ RedisDriver }, { RedisPresence }] = await Promise.all([
    import("@colyseus/redis-driver"),
    import("@colyseus/redis-presence"),
  ]);
  const patient = withPatience(url);
  const presence = new RedisPresence(patient);
  await requireAnswer(presence, new URL(url).host);
  return { driver: new RedisDriver(patient), presence, publicAddress };
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

async function requireAnswer(presence: Presence, host: string): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const deadline = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error("no answer")), CONNECT_WITHIN_MS);
  });
  try {
    await Promise.race([presence.exists("parley"), deadline]);
  } catch (cause) {
    throw new ConfigError(`REDIS_URL: Redis at ${host} cannot be used`, { cause });
  } finally {
    clearTimeout(timer);
  }
}
