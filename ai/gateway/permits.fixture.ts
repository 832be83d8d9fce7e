import { expect, vi } from "vitest";
import { systemClock } from "../clock.ts";
import type { ProviderError } from "../providers/provider-error.ts";
import { createPermits } from "./permits.ts";
import type { Permit, Permits } from "./with-permits.ts";

export const never = new AbortController().signal;
const PLENTY = 1_000_000;

/** Time for bottleneck to hand out a block, on faked timers: it reads the system's. */
export const settle = async (): Promise<unknown> => await vi.advanceTimersByTimeAsync(20);

/** A provider's permits in this process, of which there are plenty unless told otherwise. */
export function openPermits({ concurrency = PLENTY, requestsPerMinute = PLENTY }): Permits {
  return createPermits({
    provider: "v",
    limits: { concurrency, requestsPerMinute },
    clock: systemClock,
    onError: (error) => expect.unreachable(String(error)),
  });
}

/** Asks `times` times at once, and collects who started, in order, and why others did not. */
export function askFor(permits: Permits, times: number, waitMs = 600_000) {
  const started: { readonly at: number; readonly permit: Permit }[] = [];
  const failed: ProviderError[] = [];
  for (let at = 0; at < times; at++) {
    permits.acquire(never, waitMs).then(
      (permit) => started.push({ at, permit }),
      (error: ProviderError) => failed.push(error),
    );
  }
  return { started, failed };
}
