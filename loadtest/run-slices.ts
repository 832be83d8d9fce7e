import type { BenchContext } from "./define-bench.ts";
import type { Window } from "./process/measure-window.ts";
import { runRounds } from "./run-rounds.ts";

/** One slice of an arm's work of a round. */
export type Slice<Sample> = (slice: number) => Promise<Sample>;

/**
 * Does a round's work of every arm in so many slices, the arms taking turns in an order drawn from the seeds, so that
 * drift within the round hits all of them alike.
 */
export async function runSlices<Name extends string, Sample>(
  context: BenchContext,
  { round, slices }: { readonly round: number; readonly slices: number },
  arms: Readonly<Record<Name, Slice<Sample>>>,
): Promise<Record<Name, Sample[]>> {
  const names = Object.keys(arms) as Name[];
  const taken = Object.fromEntries(names.map((name) => [name, []])) as unknown as Record<Name, Sample[]>;
  for (let slice = 0; slice < slices; slice++) {
    const seeds = [`${context.seeds.join()}:${round}:${slice}`];
    const once: BenchContext = { ...context, quick: true, seeds, progress: () => {} };
    const ofSlice = names.map((name) => [name, () => arms[name](slice)]);
    const samples = await runRounds<Name, Sample>(once, Object.fromEntries(ofSlice));
    for (const name of names) taken[name].push(...samples[name]);
  }
  return taken;
}

/** The items that fall to one of so many slices. */
export function sliceOf<Item>(items: readonly Item[], slice: number, slices: number): Item[] {
  return items.slice((slice * items.length) / slices, ((slice + 1) * items.length) / slices);
}

/** Windows together, so that what is done once in thousands of requests counts as what it is. */
export function addUp(windows: readonly Window<unknown>[]): Omit<Window<unknown>, "result"> {
  const sum = (of: (window: Window<unknown>) => number): number => {
    return windows.reduce((total, window) => total + of(window), 0);
  };
  const wallMs = sum((window) => window.wallMs);
  return {
    wallMs,
    serverCpuMs: sum((window) => window.serverCpuMs),
    driverCpu: sum((window) => window.driverCpu * window.wallMs) / wallMs,
    saturated: windows.some((window) => window.saturated),
  };
}
