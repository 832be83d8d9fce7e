import type { Browser } from "playwright-core";
import { defineBench, type BenchContext, type BenchResult } from "#loadtest/define-bench.ts";
import { openSlowLink } from "#loadtest/drivers/slow-link.ts";
import { preparePool } from "#loadtest/prepare-pool.ts";
import { startParley } from "#loadtest/process/start-parley.ts";
import { runRounds } from "#loadtest/run-rounds.ts";
import { median, ratioWithNoise } from "#loadtest/statistics.ts";
import { measureArrival, type Arrival } from "./bench/measure-arrival.ts";
import { measureLines, type LineCosts } from "./bench/measure-lines.ts";
import { measureLongStay, type LongStay } from "./bench/measure-long-stay.ts";
import { openChromium } from "./testing/open-chromium.ts";

/** A phone on a slow mobile network, as is customary for judging pages. */
const SLOW_LINK = { bitsPerSecond: 1_600_000, roundTripMs: 150 };
const SLOWDOWN = 4;
const WATCH_MS = 20_000;
const QUICK_WATCH_MS = 8000;
/** A thousand lines take a minute or two. */
const LONG_STAY_SPEED = 100;
const FEW = 100;
const MANY = 1000;
const QUICK_MANY = 130;

export const bench = defineBench({
  name: "page",
  summary: "the web app in Chromium: size, time to the first live line, main thread per line, memory",
  comparesWith: "its limits; for the main thread, also a page that adds a plain paragraph per line",
  async run(context) {
    const { dataDir } = await preparePool(context, 1);
    const browser = await openChromium(context.chromiumPath);
    try {
      return report(
        await measureVisits(context, browser, dataDir),
        await measureStays(context, browser, dataDir),
      );
    } finally {
      await browser.close();
    }
  },
});

interface Visits {
  readonly near: readonly [Arrival[], Arrival[]];
  readonly slow: readonly [Arrival[], Arrival[]];
  readonly lines: readonly [LineCosts[], LineCosts[]];
}

async function measureVisits(context: BenchContext, browser: Browser, dataDir: string): Promise<Visits> {
  const parley = await startParley({ dataDir });
  if (!context.quick) await parley.quiet();
  const link = await openSlowLink(parley.url, SLOW_LINK);
  const watchMs = context.quick ? QUICK_WATCH_MS : WATCH_MS;
  try {
    const near = () => measureArrival(browser, parley.url, 1);
    const slow = () => measureArrival(browser, link.url, SLOWDOWN);
    const lines = () => measureLines(browser, parley.url, { slowdown: SLOWDOWN, watchMs });
    const arrivals = await runRounds(context, { near, nearTwin: near, slow, slowTwin: slow });
    const costs = await runRounds(context, { lines, linesTwin: lines });
    return {
      near: [arrivals.near, arrivals.nearTwin],
      slow: [arrivals.slow, arrivals.slowTwin],
      lines: [costs.lines, costs.linesTwin],
    };
  } finally {
    await link.close();
    await parley.stop();
  }
}

/** One after the other, each as someone new. */
async function measureStays(context: BenchContext, browser: Browser, dataDir: string): Promise<LongStay[]> {
  const parley = await startParley({ dataDir, playbackSpeed: LONG_STAY_SPEED });
  const span = { few: FEW, many: context.quick ? QUICK_MANY : MANY };
  const stays: LongStay[] = [];
  for (let stay = 0; stay < (context.quick ? 1 : 2); stay++) {
    context.progress(`stay ${stay + 1}: ${span.many} lines`);
    stays.push(await measureLongStay(browser, parley.url, span));
  }
  await parley.stop();
  return stays;
}

function report(visits: Visits, stays: readonly LongStay[]): BenchResult {
  const costs = visits.lines.flat();
  const bytes = [...visits.near, ...visits.slow].flat().map(({ receivedBytes }) => receivedBytes);
  const ratio = ratioWithNoise(
    pair(visits.lines, ({ parley }) => parley.allMs),
    pair(visits.lines, ({ bare }) => bare.allMs),
  );
  return {
    figures: {
      firstLineAloneMs: median(visits.near.flat().map(({ aloneMs }) => aloneMs)),
      firstLineInCompanyMs: median(visits.near.flat().map(({ inCompanyMs }) => inCompanyMs)),
      slowFirstLineAloneMs: median(visits.slow.flat().map(({ aloneMs }) => aloneMs)),
      slowFirstLineInCompanyMs: median(visits.slow.flat().map(({ inCompanyMs }) => inCompanyMs)),
      slowMainThreadPerLineMs: median(costs.map(({ parley }) => parley.allMs)),
      slowMainThreadBusyShare: median(costs.map(({ parley }) => parley.busy)),
      slowScriptPerLineMs: median(costs.map(({ parley }) => parley.scriptMs)),
      barePageMainThreadPerLineMs: median(costs.map(({ bare }) => bare.allMs)),
      barePageScriptPerLineMs: median(costs.map(({ bare }) => bare.scriptMs)),
      mainThreadPerLineOfBarePage: ratio.value,
      heapBytesAtFewLines: median(stays.map(({ bytesAtFew }) => bytesAtFew)),
      heapBytesAtManyLines: median(stays.map(({ bytesAtMany }) => bytesAtMany)),
      nodesAtManyLines: median(stays.map(({ nodesAtMany }) => nodesAtMany)),
    },
    gates: [
      {
        name: "received over HTTP until the first live line, KB",
        value: Math.max(...bytes) / 1000,
        limit: 120,
        better: "lower",
      },
      {
        name: "first live line on loopback, ms",
        ...worseArrival(visits.near),
        limit: 1000,
        better: "lower",
      },
      {
        name: "first live line at 1.6 Mbit/s, 150 ms and a CPU slowed 4 times, ms",
        ...worseArrival(visits.slow),
        limit: 3000,
        better: "lower",
      },
      {
        name: "main thread busy while lines come, at a CPU slowed 4 times, share",
        value: median(costs.map(({ parley }) => parley.busy)),
        noise: difference(pair(visits.lines, ({ parley }) => parley.busy)),
        limit: 0.05,
        better: "lower",
      },
      {
        name: "heap at line 1,000, of the heap at line 100",
        value: Math.max(...stays.map(({ bytesAtFew, bytesAtMany }) => bytesAtMany / bytesAtFew)),
        limit: 1.1,
        better: "lower",
      },
    ],
  };
}

/** Of the two ways to arrive the slower one, and what arms and twins differ by in it. */
function worseArrival(arms: readonly [Arrival[], Arrival[]]): { value: number; noise: number } {
  const ways = [({ aloneMs }: Arrival) => aloneMs, ({ inCompanyMs }: Arrival) => inCompanyMs];
  const readings = ways.map((read) => {
    const times = pair(arms, read);
    return { value: median(times.flat()), noise: difference(times) };
  });
  return readings.reduce((worst, reading) => (reading.value > worst.value ? reading : worst));
}

function pair<Sample>(
  [arm, twin]: readonly [Sample[], Sample[]],
  read: (sample: Sample) => number,
): readonly [number[], number[]] {
  return [arm.map(read), twin.map(read)];
}

const difference = ([arm, twin]: readonly [number[], number[]]): number =>
  Math.abs(median(arm) - median(twin));
