import type { Browser, BrowserContext, CDPSession, Page } from "playwright-core";
import { PHONE } from "../testing/open-chromium.ts";

/** A line as it came onto the page. */
export interface ShownLine {
  /** After the navigation's start: when the frame was drawn that shows it. */
  readonly atMs: number;
  readonly text: string;
}

/** A page in a context of its own, on a phone's screen, with what Chromium tells of its costs. */
export interface MeasuredPage {
  readonly page: Page;
  /** The lines shown so far, the last of them where there were many. */
  readonly lines: () => Promise<ShownLine[]>;
  /** Resolves when that many lines have been shown since the page was opened. */
  readonly shown: (count: number, withinMs: number) => Promise<void>;
  /** Chromium's figures of the page, by their names there; times in seconds, of the main thread's own processor time. */
  readonly metrics: () => Promise<Record<string, number>>;
  /** Bytes received over HTTP so far, as they came over the line. */
  readonly receivedBytes: () => number;
  readonly collectGarbage: () => Promise<void>;
  readonly close: () => Promise<void>;
}

declare global {
  interface Window {
    shownLines: ShownLine[];
    shownCount: number;
  }
}

/** Opens `url` as someone new, with a processor `slowdown` times slower from the first byte on. */
export async function openMeasuredPage(
  browser: Browser,
  url: string,
  slowdown: number,
): Promise<MeasuredPage> {
  const context = await browser.newContext(PHONE);
  const page = await context.newPage();
  const chromium = await openChromiumSession(context, page, slowdown);
  let receivedBytes = 0;
  chromium.on("Network.loadingFinished", ({ encodedDataLength }) => {
    receivedBytes += encodedDataLength;
  });
  await page.addInitScript(noteShownLines);
  await page.goto(url);
  return {
    page,
    lines: () => page.evaluate(() => window.shownLines),
    async shown(count, withinMs) {
      await page.waitForFunction((wanted) => window.shownCount >= wanted, count, {
        timeout: withinMs,
      });
    },
    async metrics() {
      const { metrics } = await chromium.send("Performance.getMetrics");
      return Object.fromEntries(metrics.map(({ name, value }) => [name, value]));
    },
    receivedBytes: () => receivedBytes,
    async collectGarbage() {
      await chromium.send("HeapProfiler.collectGarbage");
    },
    close: () => context.close(),
  };
}

async function openChromiumSession(
  context: BrowserContext,
  page: Page,
  slowdown: number,
): Promise<CDPSession> {
  const chromium = await context.newCDPSession(page);
  await chromium.send("Network.enable");
  // Before the domain is enabled: it cannot be changed afterwards.
  await chromium.send("Performance.setTimeDomain", { timeDomain: "threadTicks" });
  await chromium.send("Performance.enable");
  await chromium.send("Emulation.setCPUThrottlingRate", { rate: slowdown });
  return chromium;
}

/** Runs in the page, before anything of its own. */
function noteShownLines(): void {
  window.shownLines = [];
  window.shownCount = 0;
  const note = (line: HTMLElement): void => {
    const text = line.querySelector(".words")?.textContent ?? line.textContent ?? "";
    requestAnimationFrame(() => {
      window.shownCount++;
      window.shownLines.push({ atMs: performance.now(), text });
      // What is measured must not grow by being measured.
      if (window.shownLines.length > 50) window.shownLines.shift();
    });
  };
  new MutationObserver((changes) => {
    for (const { addedNodes } of changes) {
      for (const node of addedNodes) {
        if (!(node instanceof HTMLElement)) continue;
        if (node.dataset["line"]) note(node);
        else for (const line of node.querySelectorAll<HTMLElement>("[data-line]")) note(line);
      }
    }
  }).observe(document, { childList: true, subtree: true });
}
