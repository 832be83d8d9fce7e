import type { Child } from "./start-child.ts";

/** What a stretch of work cost. */
export interface Window<Result> {
  readonly result: Result;
  readonly wallMs: number;
  readonly serverCpuMs: number;
  /** Share of one core. */
  readonly driverCpu: number;
  /** The driver had hardly a free moment, so it, not the server, may have set the pace. */
  readonly saturated: boolean;
}

const SATURATED = 0.92;

/** Reads server and driver before and after `work`; what the server does within `settleMs` of it counts as well. */
export async function measureWindow<Result>(
  { server, driver }: { readonly server: Child; readonly driver: Child },
  work: () => Promise<Result>,
  settleMs = 0,
): Promise<Window<Result>> {
  const driverBefore = await driver.cpu();
  const before = await server.cpu();
  const result = await work();
  const done = await server.cpu();
  const driverAfter = await driver.cpu();
  if (settleMs > 0) await new Promise((resolve) => setTimeout(resolve, settleMs));
  const after = await server.cpu();
  const driverMs = driverAfter.atMs - driverBefore.atMs;
  return {
    result,
    wallMs: done.atMs - before.atMs,
    serverCpuMs: after.cpuMs - before.cpuMs,
    driverCpu: (driverAfter.cpuMs - driverBefore.cpuMs) / driverMs,
    saturated: (driverAfter.busyMs - driverBefore.busyMs) / driverMs > SATURATED,
  };
}
