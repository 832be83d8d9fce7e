import type { Clock } from "../clock.ts";
import type { PoolAlerts } from "./alerts.ts";
import { BATCHES_KEPT, HOUR_MS } from "./batch-hours.ts";
import type { BatchOutcome } from "./generator.ts";
import type { BatchWriter } from "./batch-writer.ts";
import type { Filler } from "./filler.ts";
import type { PoolHealth } from "./health.ts";
import { createOutage } from "./outage.ts";
import type { PoolLog } from "./pool-log.ts";
import type { BatchesPort, Expiring, LeasesPort } from "./ports.ts";

export interface PoolJobDeps {
  /** Names this process in the lease. */
  readonly owner: string;
  readonly leases: LeasesPort;
  readonly filler: Filler;
  /** Where batches are written by models before they are due. */
  readonly ahead?: Pick<BatchWriter, "submitDue"> | undefined;
  readonly batches: BatchesPort;
  /** What is to be cleaned up of outdated records: conversations, views. */
  readonly expiring: readonly Expiring[];
  readonly health: PoolHealth;
  readonly alerts: PoolAlerts;
  readonly clock: Clock;
  readonly log: PoolLog;
}

export interface PoolJob {
  start(): void;
  /** Ends the work under way and gives the lease back. */
  stop(): Promise<void>;
  /** Whether this process holds the lease, and so speaks for the pool. */
  isLeader(): boolean;
  /** Resolves when no work is under way. */
  settled(): Promise<void>;
  /** Writes conversations beyond the hourly batch now, whoever holds the lease. @throws what the store throws. */
  generateExtra(count: number): Promise<BatchOutcome>;
}

const POOL_LEASE = "pool";
export const LEASE_MS = 90_000;
const TICK_MS = 30_000;
const CLEAN_UP_EVERY_MS = 5 * 60_000;
const JUDGE_EVERY_MS = 30_000;
/** A filling that takes longer than this excuses no low pool any more. */
const SETTLING_MAX_MS = 10 * 60_000;

/**
 * The pool's hourly work, done by whichever process holds the lease: completing batches, clean-up, alerts.
 * Whatever fails is logged and tried again at the next tick.
 */
export function createPoolJob(deps: PoolJobDeps): PoolJob {
  const { leases, owner, clock, log, alerts, health } = deps;
  let stopped = true;
  let leader = false;
  let leaseUntilMs = 0;
  let working = Promise.resolve();
  let isWorking = false;
  let abort = new AbortController();
  let stopping = new AbortController();
  let tickedAtMs = Number.NEGATIVE_INFINITY;
  let cleanedAtMs = Number.NEGATIVE_INFINITY;
  let settlingSinceMs: number | null = null;
  const outage = createOutage(
    (error) => log.error({ error }, "the pool's work failed; it will be tried again"),
    () => log.info({}, "the pool's work goes on"),
  );
  const cancels = new Map<string, () => void>();

  function later(name: string, delayMs: number, run: () => void): void {
    if (!stopped) cancels.set(name, clock.after(delayMs, run));
  }

  function resign(): void {
    if (!leader) return;
    leader = false;
    abort.abort(new Error("the lease is lost"));
    alerts.reset();
    log.info({ owner }, "another process looks after the pool now");
  }

  /** True while this process may work; takes over what others did when it comes to hold the lease. */
  async function claimLease(): Promise<boolean> {
    const nowMs = clock.nowMs();
    if (!(await leases.acquire(POOL_LEASE, owner, nowMs, LEASE_MS))) {
      resign();
      return false;
    }
    leaseUntilMs = nowMs + LEASE_MS;
    if (leader) return true;
    deps.filler.forget();
    health.seedGeneration(await deps.batches.recent(nowMs - BATCHES_KEPT * HOUR_MS));
    if (stopped) {
      // Whoever stopped it meanwhile saw no leader, and so gave nothing back.
      await leases.release(POOL_LEASE, owner);
      return false;
    }
    abort = new AbortController();
    leader = true;
    log.info({ owner }, "this process looks after the pool");
    return true;
  }

  /** Keeps the lease while a long fill goes on; stops the work when it cannot be kept. */
  async function renew(): Promise<void> {
    try {
      if (isWorking && leader) await claimLease();
    } catch (error) {
      log.warn({ error }, "the pool's lease could not be renewed");
      if (clock.nowMs() >= leaseUntilMs) resign();
    }
    later("renew", LEASE_MS / 3, () => void renew());
  }

  async function cleanUp(): Promise<void> {
    const nowMs = clock.nowMs();
    if (nowMs - cleanedAtMs < CLEAN_UP_EVERY_MS) return;
    for (const records of deps.expiring) {
      if (abort.signal.aborted) return;
      await records.expire(nowMs, abort.signal);
    }
    cleanedAtMs = nowMs;
  }

  async function tick(): Promise<void> {
    isWorking = true;
    try {
      if (await claimLease()) {
        const outcome = await deps.filler.fill(abort.signal);
        if (outcome.written + outcome.failed > 0) log.info({ ...outcome }, "conversations were written");
        if (leader) await deps.ahead?.submitDue(abort.signal);
        if (leader) await cleanUp();
      }
      outage.ended();
    } catch (error) {
      outage.began(error);
      if (clock.nowMs() >= leaseUntilMs) resign();
    }
    isWorking = false;
    const nowMs = clock.nowMs();
    tickedAtMs = nowMs;
    // The next hour's batch is due when the hour begins, not up to a tick later.
    const toNextHourMs = HOUR_MS - (nowMs % HOUR_MS);
    later("tick", Math.min(TICK_MS, toNextHourMs), () => {
      working = tick();
    });
  }

  function judge(): void {
    const nowMs = clock.nowMs();
    const isSteady = !isWorking && nowMs - tickedAtMs < 3 * TICK_MS;
    settlingSinceMs = isSteady ? null : (settlingSinceMs ?? nowMs);
    const settling = settlingSinceMs !== null && nowMs - settlingSinceMs < SETTLING_MAX_MS;
    if (leader) alerts.update({ ...health.alertFigures(), settling }, nowMs);
    later("judge", JUDGE_EVERY_MS, judge);
  }

  return {
    start() {
      if (!stopped) return;
      stopped = false;
      stopping = new AbortController();
      working = tick();
      later("renew", LEASE_MS / 3, () => void renew());
      later("judge", JUDGE_EVERY_MS, judge);
    },
    async stop() {
      stopped = true;
      for (const cancel of cancels.values()) cancel();
      abort.abort(new Error("the server is stopping"));
      stopping.abort(new Error("the server is stopping"));
      await working;
      if (!leader) return;
      leader = false;
      try {
        await leases.release(POOL_LEASE, owner);
      } catch (error) {
        log.warn({ error }, "the pool's lease could not be given back; it lapses by itself");
      }
    },
    isLeader: () => leader,
    settled: () => working,
    generateExtra: (count) => deps.filler.addExtra(count, stopping.signal),
  };
}
