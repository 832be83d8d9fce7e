import type { Application } from "express";
import { Registry } from "prom-client";
import type { Health } from "#schema/api.ts";
import { ApiError } from "./api-error.ts";

export interface OperationsOptions {
  readonly version: string;
  readonly startedAtMs: number;
  readonly nowMs: () => number;
  /** Prometheus text. */
  readonly readMetrics: () => Promise<string>;
  readonly checkStore: () => Promise<void>;
  readonly activeConversations: () => number;
  readonly isDraining: () => boolean;
}

/** Fewest active conversations with which a first viewer is sure to find one that fits. */
export const READY_CONVERSATIONS = 50;

/** What load balancers and dashboards ask. */
export function mountOperations(app: Application, options: OperationsOptions): void {
  app.get("/health", async (_request, response) => {
    const storeUp = await isUp(options.checkStore);
    const poolUp = options.activeConversations() >= READY_CONVERSATIONS;
    const health: Health = {
      status: storeUp && poolUp ? "ok" : "degraded",
      version: options.version,
      uptimeSeconds: Math.floor((options.nowMs() - options.startedAtMs) / 1000),
      checks: {
        store: storeUp ? "ok" : "unreachable",
        pool: poolUp ? "ok" : "filling",
        models: "offline",
        voice: "off",
      },
    };
    response.setHeader("Cache-Control", "no-store").json(health);
  });

  app.get("/ready", async (_request, response) => {
    const refusal = options.isDraining()
      ? new ApiError(503, "draining", "This process is shutting down.")
      : options.activeConversations() < READY_CONVERSATIONS
        ? new ApiError(503, "starting", "The pool is being filled.", { retryAfterMs: 1000 })
        : (await isUp(options.checkStore))
          ? undefined
          : new ApiError(503, "store-unavailable", "The store cannot be reached.", { retryAfterMs: 2000 });
    if (refusal) throw refusal;
    response.setHeader("Cache-Control", "no-store").json({ status: "ready" });
  });

  app.get("/metrics", async (_request, response) => {
    response.type(Registry.PROMETHEUS_CONTENT_TYPE).send(await options.readMetrics());
  });
}

const isUp = (check: () => Promise<void>): Promise<boolean> =>
  check().then(
    () => true,
    () => false,
  );
