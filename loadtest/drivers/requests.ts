import { serveCalls } from "../process/serve-calls.ts";
import { percentile } from "../statistics.ts";
import { inParallel } from "./in-parallel.ts";
import { openHttpConnection, type HttpConnection } from "./http-connection.ts";

/** A process that asks for the same address with one token after the other, as fast as it is answered. */

export interface RequestRun {
  readonly port: number;
  readonly path: string;
  /** One request each. */
  readonly tokens: readonly string[];
  /** Connections, and so requests under way at one time. */
  readonly width: number;
  /** How many bodies to hand back. */
  readonly keep?: number;
}

export interface Requested {
  readonly p50Ms: number;
  readonly p99Ms: number;
  readonly bytesPerAnswer: number;
  readonly kept: readonly string[];
}

async function request({ port, path, tokens, width, keep = 0 }: RequestRun): Promise<Requested> {
  const idle: HttpConnection[] = await Promise.all(
    Array.from({ length: width }, () => openHttpConnection(port)),
  );
  const kept: string[] = [];
  let bytes = 0;
  const timesMs = await inParallel(tokens, width, async (token) => {
    const connection = idle.pop() as HttpConnection;
    const startedAt = performance.now();
    const body = await connection.get(path, token);
    const tookMs = performance.now() - startedAt;
    bytes += body.length;
    if (kept.length < keep) kept.push(body.toString());
    idle.push(connection);
    return tookMs;
  });
  for (const connection of idle) connection.close();
  return {
    p50Ms: percentile(timesMs, 0.5),
    p99Ms: percentile(timesMs, 0.99),
    bytesPerAnswer: bytes / tokens.length,
    kept,
  };
}

serveCalls({ request });
