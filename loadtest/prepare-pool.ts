import type { BenchContext } from "./define-bench.ts";
import { makeScratchFolder } from "./process/scratch-folder.ts";
import { startParley } from "./process/start-parley.ts";
import { startViewers } from "./process/start-viewers.ts";

/** A day's pool. */
export const FULL_POOL = 2400;

/** Tokens of one server count at the next, and at a peer that checks them. */
export const BENCH_SECRET = "a secret of benchmarks, known to everyone";

export interface PreparedPool {
  /** Holds a full pool and the guests; servers on it start full, and know none of the guests yet. */
  readonly dataDir: string;
  readonly tokens: string[];
  readonly guestCpuMs: number;
}

/** Lets a server fill its pool and welcome guests, so that neither happens while something is measured. */
export async function preparePool(context: BenchContext, guests: number): Promise<PreparedPool> {
  const dataDir = makeScratchFolder();
  context.progress(`preparing: a full pool and ${guests} guests`);
  const parley = await startParley({ dataDir, jwtSecret: BENCH_SECRET });
  const driver = startViewers();
  // One in a hundred may have to be written again, which the server does in its own time.
  await parley.filled(context.quick ? 200 : 0.99 * FULL_POOL);
  if (!context.quick) await parley.quiet();
  const before = await parley.cpu();
  const tokens = await driver.call<string[]>("makeGuests", { url: parley.url, count: guests });
  const after = await parley.cpu();
  await Promise.all([driver.stop(), parley.stop()]);
  return { dataDir, tokens, guestCpuMs: (after.cpuMs - before.cpuMs) / guests };
}
