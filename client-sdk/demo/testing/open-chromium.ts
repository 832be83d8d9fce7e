import assert from "node:assert/strict";
import {
  chromium,
  type Browser,
  type BrowserContext,
  type BrowserContextOptions,
  type Page,
} from "playwright-core";

const FLAGS = [
  "--headless",
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];
const UNCAUGHT = "uncaught: ";

export const PHONE: BrowserContextOptions = {
  viewport: { width: 390, height: 844 },
  deviceScaleFactor: 2,
  isMobile: true,
  hasTouch: true,
};
export const DESKTOP: BrowserContextOptions = { viewport: { width: 1280, height: 800 } };

export function openChromium(executablePath: string): Promise<Browser> {
  return chromium.launch({ executablePath, args: FLAGS });
}

/** A page of its own person; errors of its console and scripts, and requests to elsewhere, gather in `errors`. */
export interface Visit {
  page: Page;
  errors: string[];
  /** Closes it; fails where something went wrong that holds none of the `expected` words, or was not caught. */
  readonly close: (...expected: readonly string[]) => Promise<void>;
}

/** What is done to a context before its page is opened. */
export type Preparation = (context: BrowserContext) => Promise<void>;

/** Opens the page as someone new and waits until lines are on stage. */
export async function visit(
  browser: Browser,
  baseUrl: string,
  options: BrowserContextOptions,
  prepare?: Preparation,
): Promise<Visit> {
  const visit = await openPage(browser, baseUrl, options, prepare);
  await visit.page.locator(".chatroom .topic").waitFor();
  return visit;
}

/** Opens an address in a context of its own. */
export async function openPage(
  browser: Browser,
  address: string,
  options: BrowserContextOptions,
  prepare?: Preparation,
): Promise<Visit> {
  const context = await browser.newContext(options);
  await prepare?.(context);
  const page = await context.newPage();
  const errors = gatherErrors(page, new URL(address).origin);
  await page.goto(address);
  return {
    page,
    errors,
    async close(...expected) {
      await context.close();
      const isExpected = (error: string) =>
        !error.startsWith(UNCAUGHT) && expected.some((words) => error.includes(words));
      assert.deepEqual(
        errors.filter((error) => !isExpected(error)),
        [],
      );
    },
  };
}

/** Gathers what goes wrong on a page from now on; with `origin`, what it asks of any other server too. */
export function gatherErrors(page: Page, origin?: string): string[] {
  const errors: string[] = [];
  page.on("pageerror", (error) => errors.push(`${UNCAUGHT}${error.message}`));
  page.on("console", (message) => {
    // The browser asks every site for an icon by itself.
    if (message.type() !== "error" || message.location().url.endsWith("favicon.ico")) return;
    errors.push(message.text());
  });
  page.on("request", (request) => {
    const { protocol, origin: asked } = new URL(request.url());
    if (origin && protocol.startsWith("http") && asked !== origin) errors.push(`asks ${asked}`);
  });
  return errors;
}
