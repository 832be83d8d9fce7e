import type { Browser } from "playwright-core";
import { openMeasuredPage } from "./open-measured-page.ts";

/** What the page holds after a few lines and after many, after a forced collection. */
export interface LongStay {
  readonly bytesAtFew: number;
  readonly bytesAtMany: number;
  readonly nodesAtMany: number;
}

const WITHIN_MS = 300_000;

/** Stays on the page until `many` lines have been shown. */
export async function measureLongStay(
  browser: Browser,
  url: string,
  { few, many }: { readonly few: number; readonly many: number },
): Promise<LongStay> {
  const page = await openMeasuredPage(browser, url, 1);
  const readAt = async (lines: number) => {
    await page.shown(lines, WITHIN_MS);
    // What is only waiting to be let go is no growth: a second pass takes what the first one set free.
    await page.collectGarbage();
    await page.collectGarbage();
    const { JSHeapUsedSize = Number.NaN, Nodes = Number.NaN } = await page.metrics();
    return { bytes: JSHeapUsedSize, nodes: Nodes };
  };
  const atFew = await readAt(few);
  const atMany = await readAt(many);
  await page.close();
  return { bytesAtFew: atFew.bytes, bytesAtMany: atMany.bytes, nodesAtMany: atMany.nodes };
}
