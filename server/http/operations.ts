import * as z from "zod/mini";
import { Registry } from "prom-client";
import { Health } from "#schema/api.ts";
import type { BreakerState } from "#ai/gateway/with-breaker.ts";
import { READY_CONVERSATIONS } from "../create-pool.ts";
import { ApiError } from "./api-error.ts";
import { defineRoute, type Route } from "./route.ts";

export interface OperationsOptions {
  readonly version: string;
  readonly startedAtMs: number;
  readonly nowMs: () => number;
  /** Prometheus text. */
  readonly readMetrics: () => Promise<string>;
  readonly checkStore: () => Promise<void>;
  /** How the providers are that can be asked. */
  readonly breakers: () => ReadonlyMap<string, BreakerState>;
  readonly activeConversations: () => number;
  readonly isDraining: () => boolean;
}

/** What load balancers and dashboards ask, as often as they like. */
export function createOperationRoutes(options: OperationsOptions): Route[] {
  return [
    defineRoute({
      method: "GET",
      path: "/health",
      summary: "How the server and its parts are",
      access: "anyone",
      answer: Health,
      handle: () => readHealth(options),
    }),
    defineRoute({
      method: "GET",
      path: "/ready",
      summary: "Whether this process takes visitors: not while it starts or shuts down",
      access: "anyone",
      answer: z.object({ status: z.literal("ready") }),
      errors: { draining: 503, starting: 503 },
      handle: async () => {
        await requireReady(options);
        return { status: "ready" };
      },
    }),
    defineRoute({
      method: "GET",
      path: "/metrics",
      summary: "Figures in the text format of Prometheus",
      access: "anyone",
      mediaType: Registry.PROMETHEUS_CONTENT_TYPE,
      answer: z.string(),
      handle: () => options.readMetrics(),
    }),
  ];
}

async function readHealth(options: OperationsOptions): Promise<Health> {
  const storeUp = await isUp(options.checkStore);
  const poolUp = options.activeConversations() >= READY_CONVERSATIONS;
  return {
    status: storeUp && poolUp ? "ok" : "degraded",
    version: options.version,
    uptimeSeconds: Math.floor((options.nowMs() - options.startedAtMs) / 1000),
    checks: {
      store: storeUp ? "ok" : "unreachable",
      pool: poolUp ? "ok" : "filling",
      models: readModels(options.breakers()),
      voice: "off",
    },
  };
}

/** Without models everything is written offline, which is no fault. */
function readModels(breakers: ReadonlyMap<string, BreakerState>): string {
  if (breakers.size === 0) return "offline";
  const states = [...breakers.values()];
  if (states.every((state) => state === "closed")) return "ok";
  return states.includes("closed") ? "some left alone" : "all left alone";
}

async function requireReady({ isDraining, activeConversations, checkStore }: OperationsOptions) {
  if (isDraining()) throw new ApiError(503, "draining", "This process is shutting down.");
  if (activeConversations() < READY_CONVERSATIONS) {
    throw new ApiError(503, "starting", "The pool is being filled.", { retryAfterMs: 1000 });
  }
  if (!(await isUp(checkStore))) {
    throw new ApiError(503, "store-unavailable", "The store cannot be reached.", { retryAfterMs: 2000 });
  }
}

const isUp = (check: () => Promise<void>): Promise<boolean> =>
  check().then(
    () => true,
    () => false,
  );
