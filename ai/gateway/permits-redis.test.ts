import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { findFreePort } from "#loadtest/process/free-port.ts";
import { hasRedis, REDIS, startRedis } from "#server/testing/start-redis.ts";
import { systemClock } from "../clock.ts";
import { createFakeClock } from "../fake-clock.ts";
import type { ProviderError } from "../providers/provider-error.ts";
import { createPermits, type PermitsOptions } from "./permits.ts";
import type { Permit, Permits } from "./with-permits.ts";

if (!hasRedis) console.info(`Skipped permits shared through Redis: ${REDIS} is not installed.`);

const never = new AbortController().signal;
const PATIENT_MS = 5_000;

describe.skipIf(!hasRedis)("processes that share a provider's limits through Redis", () => {
  let root: string;
  let port: number;
  let redis: ChildProcess;
  let opened: Permits[] = [];
  let errors: unknown[] = [];

  async function stopRedis(): Promise<void> {
    redis.kill("SIGKILL");
    await once(redis, "exit");
  }

  /** The permits of one process; all of them could as well be in one each. */
  function open(provider: string, options: Partial<PermitsOptions> & Partial<PermitsOptions["limits"]> = {}) {
    const { concurrency = 8, requestsPerMinute = 1_000_000_000, ...rest } = options;
    const permits = createPermits({
      provider,
      limits: { concurrency, requestsPerMinute },
      clock: systemClock,
      redisUrl: `redis://127.0.0.1:${port}`,
      onError: (error) => errors.push(error),
      ...rest,
    });
    opened.push(permits);
    return permits;
  }

  const take = async (permits: Permits, times: number, waitMs = PATIENT_MS): Promise<Permit[]> =>
    await Promise.all(Array.from({ length: times }, async () => await permits.acquire(never, waitMs)));

  /** What becomes of a call that waits only for a moment. */
  const tryOne = async (permits: Permits): Promise<string> =>
    await take(permits, 1, 100).then(
      () => "started",
      (error: ProviderError) => error.fault,
    );

  beforeAll(async () => {
    root = mkdtempSync(join(tmpdir(), "parley-permits-"));
    port = await findFreePort();
    redis = await startRedis(port, root);
  });
  afterEach(async () => {
    await Promise.all(opened.map(async (permits) => await permits.close()));
    opened = [];
    errors = [];
  });
  afterAll(async () => {
    await stopRedis();
    rmSync(root, { recursive: true, force: true });
  });

  it("have no more calls at once than it takes, and leave spare slots to each other", async () => {
    const clock = createFakeClock();
    const [a, b] = [open("shared", { clock }), open("shared")];
    const [held] = await Promise.all([take(a, 4), take(b, 4)]);
    const waiting = take(b, 4);
    expect(await tryOne(b)).toBe("busy");
    for (const permit of held) permit.release();
    // Two looks at what is spare: the first still saw it used.
    for (let look = 0; look < 2; look++) await clock.advance(2_000);
    expect(await waiting).toHaveLength(4);
    expect([a.figures().inUse, b.figures().inUse]).toEqual([0, 8]);
    expect(await tryOne(b)).toBe("busy");
  });

  it("start no more calls in a minute than it takes", async () => {
    const [a, b] = [open("paced", { requestsPerMinute: 8 }), open("paced", { requestsPerMinute: 8 })];
    for (const permit of (await Promise.all([take(a, 4), take(b, 4)])).flat()) permit.release();
    expect(await Promise.all([a, b].map(tryOne))).toEqual(["busy", "busy"]);
  });

  it("hand slots on that are used all the time, and are never too many doing so", async () => {
    const options = { concurrency: 4, slotLifeMs: 900 };
    const both = [open("handed", options), open("handed", options)] as const;
    const untilMs = performance.now() + 1_200;
    let most = 0;
    const work = async (permits: Permits): Promise<number> => {
      let calls = 0;
      while (performance.now() < untilMs) {
        const permit = await permits.acquire(never, PATIENT_MS);
        most = Math.max(most, both[0].figures().inUse + both[1].figures().inUse);
        calls++;
        await new Promise((resolve) => setImmediate(resolve));
        permit.release();
      }
      return calls;
    };
    for (const permit of await take(both[0], 4)) permit.release();
    const calls = await Promise.all(
      both.flatMap((permits) => Array.from({ length: 4 }, () => work(permits))),
    );
    expect(most).toBeLessThanOrEqual(4);
    expect(calls.slice(4).every((count) => count > 0)).toBe(true);
  });

  it("get the slots of one that was killed when their life is over", async () => {
    const script = `
      import { systemClock } from "#ai/clock.ts";
      import { createPermits } from "#ai/gateway/permits.ts";
      const permits = createPermits({
        provider: "killed",
        limits: { concurrency: 8, requestsPerMinute: 100_000 },
        clock: systemClock,
        redisUrl: "redis://127.0.0.1:${port}",
        slotLifeMs: 1_000,
        onError: console.error,
      });
      for (let at = 0; at < 8; at++) await permits.acquire(new AbortController().signal, 5_000);
      console.log("held");`;
    const child = spawn(process.execPath, ["--input-type=module-typescript", "-e", script], {
      stdio: ["ignore", "pipe", "inherit"],
    });
    await once(child.stdout, "data");
    const heir = open("killed");
    expect(await tryOne(heir)).toBe("busy");
    child.kill("SIGKILL");
    expect(await take(heir, 8)).toHaveLength(8);
  });

  it("get the slots of one that is closed at once", async () => {
    const leaving = open("closed");
    await take(leaving, 8);
    const waiting = take(open("closed"), 8);
    await leaving.close();
    expect(await waiting).toHaveLength(8);
  });

  it("go by the limits of whoever came last", async () => {
    await take(open("changed", { concurrency: 2 }), 1);
    expect(await take(open("changed", { concurrency: 6 }), 5)).toHaveLength(5);
  });

  it("find the provider busy when Redis is lost, and go on when it is back", async () => {
    const [full, waits] = [open("lost"), open("lost")];
    await take(full, 8);
    const waiting = take(waits, 1);
    await stopRedis();
    const late = open("lost");
    expect(await Promise.all([full, late].map(tryOne))).toEqual(["busy", "busy"]);
    await expect.poll(() => errors.length).toBe(3);
    redis = await startRedis(port, root);
    expect(await waiting).toHaveLength(1);
    expect(await take(late, 1)).toHaveLength(1);
    // Each told of it once.
    expect(errors).toHaveLength(3);
    for (const error of errors) expect(String(error)).toMatch(/^Error: limits of lost: E[A-Z]+$/);
  });
});
