import type { Browser } from "playwright-core";
import { openMeasuredPage, type MeasuredPage, type ShownLine } from "./open-measured-page.ts";
import { BARE_PAGE_STARTS_MS, writeBarePage } from "./write-bare-page.ts";

/** What showing lines costs the main thread, in processor time. */
export interface LineCost {
  /** All it did, per line, in milliseconds: our code, style, layout, painting, and whatever moved. */
  readonly allMs: number;
  /** Our code alone, per line, in milliseconds. */
  readonly scriptMs: number;
  /** All it did, as a share of the time that passed. */
  readonly busy: number;
}

export interface LineCosts {
  readonly parley: LineCost;
  /** The same lines at the same pace on the barest of pages. */
  readonly bare: LineCost;
}

const FIRST_LINE_WITHIN_MS = 30_000;

/** Watches the page for `watchMs` from its second line on, then shows the bare page the lines that came. */
export async function measureLines(
  browser: Browser,
  url: string,
  { slowdown, watchMs }: { readonly slowdown: number; readonly watchMs: number },
): Promise<LineCosts> {
  const page = await openMeasuredPage(browser, url, slowdown);
  await page.shown(2, FIRST_LINE_WITHIN_MS);
  const { cost, lines } = await measure(page, watchMs);
  await page.close();
  const bare = await openMeasuredPage(browser, writeBarePage(lines), slowdown);
  await pause(BARE_PAGE_STARTS_MS / 2);
  const { cost: bareCost } = await measure(bare, BARE_PAGE_STARTS_MS / 2 + watchMs);
  await bare.close();
  return { parley: cost, bare: bareCost };
}

async function measure(
  page: MeasuredPage,
  forMs: number,
): Promise<{ readonly cost: LineCost; readonly lines: ShownLine[] }> {
  const before = await page.metrics();
  const shownBefore = (await page.lines()).length;
  await pause(forMs);
  const after = await page.metrics();
  const lines = (await page.lines()).slice(shownBefore);
  const passed = (name: string): number =>
    ((after[name] ?? Number.NaN) - (before[name] ?? Number.NaN)) * 1000;
  const allMs = passed("TaskDuration");
  const cost = {
    allMs: allMs / lines.length,
    scriptMs: passed("ScriptDuration") / lines.length,
    busy: allMs / passed("Timestamp"),
  };
  return { cost, lines };
}

const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));
