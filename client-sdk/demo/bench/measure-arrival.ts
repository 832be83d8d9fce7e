import type { Browser } from "playwright-core";
import { openMeasuredPage, type MeasuredPage } from "./open-measured-page.ts";

/** How it is to come to the page for the first time. */
export interface Arrival {
  /** From the navigation's start to the frame with the first line, where nobody else is watching. */
  readonly aloneMs: number;
  /** The same for somebody who comes into a room that is on. */
  readonly inCompanyMs: number;
  /** Over HTTP until then, everything counted. */
  readonly receivedBytes: number;
}

const WITHIN_MS = 30_000;

/** Two people come to the page, one after the other; both have left when it answers. */
export async function measureArrival(browser: Browser, url: string, slowdown: number): Promise<Arrival> {
  const alone = await openMeasuredPage(browser, url, slowdown);
  const aloneMs = await readFirstLine(alone);
  const receivedBytes = alone.receivedBytes();
  const other = await openMeasuredPage(browser, url, slowdown);
  const inCompanyMs = await readFirstLine(other);
  await Promise.all([alone.close(), other.close()]);
  return { aloneMs, inCompanyMs, receivedBytes };
}

async function readFirstLine(page: MeasuredPage): Promise<number> {
  await page.shown(1, WITHIN_MS);
  const [first] = await page.lines();
  return first?.atMs ?? Number.NaN;
}
