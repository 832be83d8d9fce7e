/**
 * Makes the README's pictures from a running server:
 * `npm run screenshots -- [--url http://127.0.0.1:2567] [--folder client-sdk/demo/screenshots] [--chromium /usr/bin/chromium]`.
 */
import { mkdir } from "node:fs/promises";
import { parseArgs } from "node:util";
import { DESKTOP, openChromium, PHONE, visit } from "./testing/open-chromium.ts";

const LINES = 5;
const LINES_WITHIN_MS = 90_000;
/** Screens beside the chatroom, and what shows that they are there. */
const SCREENS = [
  ["rooms", ".room"],
  ["chatlings", ".chatling"],
] as const;

const { values } = parseArgs({
  options: {
    url: { type: "string", default: "http://127.0.0.1:2567" },
    folder: { type: "string", default: "client-sdk/demo/screenshots" },
    chromium: { type: "string", default: "/usr/bin/chromium" },
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
const looks = [
  ["phone-dark", { ...PHONE, colorScheme: "dark" }],
  ["desktop-light", { ...DESKTOP, colorScheme: "light" }],
] as const;
await Promise.all(
  looks.map(async ([name, options]) => {
    const { page } = await visit(browser, values.url, options);
    await page.waitForFunction(
      (count) => document.querySelectorAll(".line[data-line]:not(.past)").length >= count,
      LINES,
      { timeout: LINES_WITHIN_MS },
    );
    const lines = page.locator(".line[data-line]:not(.past)");
    await lines
      .nth(LINES - 2)
      .locator(".react")
      .click();
    await page
      .locator(".reaction-choice")
      .nth(name.length % 5)
      .click();
    await page.waitForTimeout(1500);
    await page.screenshot({ path: `${values.folder}/chatroom-${name}.png` });
    for (const [place, ready] of SCREENS) {
      await page.locator(`.place[href="#/${place}"]`).click();
      await page.locator(ready).first().waitFor();
      await page.waitForTimeout(500);
      await page.screenshot({ path: `${values.folder}/${place}-${name}.png` });
    }
    await page.context().close();
  }),
);
await browser.close();
