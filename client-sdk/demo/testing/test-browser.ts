import { mkdir } from "node:fs/promises";
import { after, before } from "node:test";
import type { Browser, BrowserContextOptions, Page } from "playwright-core";
import { openChromium, openPage, visit, type Preparation, type Visit } from "./open-chromium.ts";

export interface VisitSettings {
  /** Of another server than the one under test. */
  readonly baseUrl?: string;
  readonly prepare?: Preparation;
}

/** A test file's browser: there before its tests, gone after them. */
export interface TestBrowser {
  /** Where the server under test is. */
  readonly baseUrl: string;
  /** Opens the page as someone new and waits until lines are on stage. */
  readonly visit: (options: BrowserContextOptions, more?: VisitSettings) => Promise<Visit>;
  /** Opens any path of the server under test. */
  readonly open: (path: string, options: BrowserContextOptions) => Promise<Visit>;
  /** Keeps a picture where `SCREENSHOT_DIR` says; none where it is not set. */
  readonly picture: (page: Page, name: string) => Promise<void>;
}

/** `BASE_URL`, `CHROMIUM_PATH` and `SCREENSHOT_DIR` of `env` say where to look, with what, and where to keep pictures. */
export function createTestBrowser(env: Readonly<Record<string, string | undefined>>): TestBrowser {
  // Of the two names of this machine, WebAuthn takes only the one that is no address.
  const ownUrl = (env["BASE_URL"] ?? "http://localhost:2567").replace("//127.0.0.1", "//localhost");
  const folder = env["SCREENSHOT_DIR"];
  let browser: Browser;

  before(async () => {
    browser = await openChromium(env["CHROMIUM_PATH"] ?? "/usr/bin/chromium");
    if (folder) await mkdir(folder, { recursive: true });
  });
  after(() => browser?.close());

  return {
    baseUrl: ownUrl,
    visit: (options, { baseUrl = ownUrl, prepare } = {}) => visit(browser, baseUrl, options, prepare),
    open: (path, options) => openPage(browser, ownUrl + path, options),
    async picture(page, name) {
      if (folder) await page.screenshot({ path: `${folder}/${name}.png`, fullPage: true });
    },
  };
}
