/**
 * Makes the README's pictures from a running server:
 * `npm run screenshots -- [--url http://127.0.0.1:2567] [--folder client-sdk/demo/screenshots] [--chromium /usr/bin/chromium] [--password …]`.
 * The password is the operator's; without it the desk is left out.
 */
import { mkdir } from "node:fs/promises";
import { parseArgs } from "node:util";
import type { BrowserContextOptions, Page } from "playwright-core";
import { openChromium, openPage, visit } from "./testing/open-chromium.ts";

const LINES = 5;
const LINES_WITHIN_MS = 90_000;
/** Small enough to be kept in a repository; nothing moves, so that nothing is caught halfway. */
const LOOKS: Record<string, BrowserContextOptions> = {
  "phone-dark": {
    viewport: { width: 390, height: 780 },
    isMobile: true,
    hasTouch: true,
    colorScheme: "dark",
    reducedMotion: "reduce",
  },
  "desktop-light": {
    viewport: { width: 880, height: 600 },
    colorScheme: "light",
    reducedMotion: "reduce",
  },
};
/** Screens beside the chatroom, and what shows that they are there. */
const SCREENS = [
  ["rooms", ".room"],
  ["chatlings", ".chatling"],
  ["you", ".settings .loaded:not([aria-busy]) > *"],
] as const;

const { values } = parseArgs({
  options: {
    url: { type: "string", default: "http://127.0.0.1:2567" },
    folder: { type: "string", default: "client-sdk/demo/screenshots" },
    chromium: { type: "string", default: "/usr/bin/chromium" },
    password: { type: "string", default: "" },
  },
});

const ready = await fetch(new URL("/ready", values.url)).catch(() => null);
if (!ready?.ok) {
  process.stderr.write(
    `No server that is ready answers at ${values.url}: start one with npm start, or name it by --url.\n`,
  );
  process.exit(1);
}
await mkdir(values.folder, { recursive: true });
const browser = await openChromium(values.chromium);
try {
  await pictureEach(pictureVisit);
  if (values.password === "") process.stderr.write("No --password, so no pictures of the desk.\n");
  else await pictureEach(pictureDesk);
} finally {
  await browser.close();
}

/** At the same time, so that both are in the same conversation. */
async function pictureEach(picture: (name: string, look: BrowserContextOptions) => Promise<void>) {
  await Promise.all(Object.entries(LOOKS).map(([name, look]) => picture(name, look)));
}

async function shoot(page: Page, name: string): Promise<void> {
  await page.screenshot({ path: `${values.folder}/${name}.png`, animations: "disabled" });
}

/** All that a player sees. */
async function pictureVisit(name: string, look: BrowserContextOptions): Promise<void> {
  const { page, close } = await visit(browser, values.url, look);
  await reactToLastButOne(page);
  await shoot(page, `chatroom-${name}`);
  // What was watched up to here is then among the roles of who played it.
  const player = (await page.locator(".cast-name").first().textContent()) ?? "";
  await page.locator(".next").click();
  await page.locator(".divider").waitFor();
  for (const [place, ready] of SCREENS) {
    await page.locator(`.place[href="#/${place}"]`).click();
    await page.locator(ready).first().waitFor();
    await shoot(page, `${place}-${name}`);
  }
  await page.locator('.place[href="#/chatlings"]').click();
  await page.locator(".chatling-open", { hasText: player }).first().click();
  await page.locator(".chatling-page .loaded:not([aria-busy]) > *").waitFor();
  await shoot(page, `chatling-${name}`);
  await close();
}

async function reactToLastButOne(page: Page): Promise<void> {
  const lines = page.locator(".line[data-line]:not(.past)");
  await lines.nth(LINES - 1).waitFor({ timeout: LINES_WITHIN_MS });
  const line = lines.nth(LINES - 2);
  await line.locator(".react").click();
  await page.locator(".reaction-choice").first().click();
  await line.locator(".chip").waitFor();
  // Reaching for the line has scrolled, and left the pointer there.
  await page.mouse.move(0, 0);
  await page.locator(".log-scroll").evaluate((log) => log.scrollTo({ top: 0 }));
}

/** What the operator sees first. */
async function pictureDesk(name: string, look: BrowserContextOptions): Promise<void> {
  const { page, close } = await openPage(browser, new URL("/admin", values.url).href, look);
  await page.locator("#password").fill(values.password);
  await page.keyboard.press("Enter");
  await page.locator(".figures").waitFor();
  await shoot(page, `desk-${name}`);
  await close();
}
