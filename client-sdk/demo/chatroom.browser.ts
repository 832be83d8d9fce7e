/**
 * The page in a real Chromium, against a running server: `BASE_URL`, `SCREENSHOT_DIR` (none taken without it) and
 * `CHROMIUM_PATH` say where. Run it with Node itself; the exit status tells.
 */
import assert from "node:assert/strict";
import { mkdir } from "node:fs/promises";
import { after, before, test } from "node:test";
import type { Browser, Page } from "playwright-core";
import { DESKTOP, openChromium, PHONE, visit } from "./testing/open-chromium.ts";

const baseUrl = process.env["BASE_URL"] ?? "http://127.0.0.1:2567";
const screenshots = process.env["SCREENSHOT_DIR"];
const LINE_WITHIN_MS = 30_000;

let browser: Browser;

before(async () => {
  browser = await openChromium(process.env["CHROMIUM_PATH"] ?? "/usr/bin/chromium");
  if (screenshots) await mkdir(screenshots, { recursive: true });
});
after(() => browser.close());

async function picture(page: Page, name: string): Promise<void> {
  if (!screenshots) return;
  await page.screenshot({ path: `${screenshots}/${name}.png` });
}

const lastLine = (page: Page) => page.locator(".line[data-line]").last();
const castNames = (page: Page) => page.locator(".cast-name").allTextContents();

/** Waits for the line after the last one shown and answers its key. */
async function nextLine(page: Page): Promise<string> {
  const lines = page.locator(".line[data-line]");
  const shown = (await lines.count()) === 0 ? null : await lastLine(page).getAttribute("data-line");
  await page.waitForFunction(
    (before) => {
      const all = document.querySelectorAll<HTMLElement>(".line[data-line]");
      const last = all[all.length - 1]?.dataset["line"];
      return last !== undefined && last !== before;
    },
    shown,
    { timeout: LINE_WITHIN_MS },
  );
  return (await lastLine(page).getAttribute("data-line")) ?? "";
}

/** Words of a line with each viewer's own names taken out. */
async function wordsWithoutNames(page: Page, key: string): Promise<string> {
  const words = await page.locator(`.line[data-line="${key}"] .words`).textContent();
  return (await castNames(page)).reduce((text, name) => text.replaceAll(name, "*"), words ?? "");
}

void test("two people see the same line at the same moment, each with chatlings of their own", async () => {
  const [ann, ben] = await Promise.all([visit(browser, baseUrl, PHONE), visit(browser, baseUrl, DESKTOP)]);
  const key = await nextLine(ann.page);
  await ben.page.locator(`.line[data-line="${key}"]`).waitFor({ timeout: 1000 });
  assert.equal(
    await ann.page.locator(".topic").textContent(),
    await ben.page.locator(".topic").textContent(),
  );
  assert.equal(await wordsWithoutNames(ann.page, key), await wordsWithoutNames(ben.page, key));
  assert.notDeepEqual(await castNames(ann.page), await castNames(ben.page));
  await nextLine(ann.page);
  await picture(ann.page, "chatroom-phone");
  await picture(ben.page, "chatroom-desktop");
  assert.deepEqual([ann.errors, ben.errors], [[], []]);
  await Promise.all([ann.page.context().close(), ben.page.context().close()]);
});

void test("a reaction given by keyboard is counted for everyone", async () => {
  const [ann, ben] = await Promise.all([visit(browser, baseUrl, DESKTOP), visit(browser, baseUrl, DESKTOP)]);
  const key = await nextLine(ann.page);
  await ann.page.locator(`.line[data-line="${key}"] .react`).focus();
  await ann.page.keyboard.press("Enter");
  await ann.page.keyboard.press("ArrowRight");
  await ann.page.keyboard.press("Enter");
  const chip = `.line[data-line="${key}"] .chip[data-emoji="😂"]`;
  await ben.page.locator(chip).waitFor({ timeout: 5000 });
  await ben.page.locator(chip).click();
  await ann.page.locator(`${chip}:has-text("2")`).waitFor({ timeout: 5000 });
  await picture(ann.page, "reactions-desktop");
  assert.deepEqual([ann.errors, ben.errors], [[], []]);
  await Promise.all([ann.page.context().close(), ben.page.context().close()]);
});

void test("a small phone never scrolls sideways", async () => {
  for (const width of [320, 390]) {
    const { page, errors } = await visit(browser, baseUrl, { ...PHONE, viewport: { width, height: 640 } });
    await nextLine(page);
    await lastLine(page).locator(".react").click();
    await page.locator(".reaction-bar").waitFor();
    const overflow = () => page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
    assert.equal(await overflow(), 0);
    const bar = await page.locator(".reaction-bar").boundingBox();
    assert.ok(bar && bar.x >= 0 && bar.x + bar.width <= width, "the reaction bar stays on the screen");
    await page.keyboard.press("Escape");
    await page.locator('.place[href="#/rooms"]').click();
    await page.locator(".room").first().waitFor();
    assert.equal(await overflow(), 0);
    await picture(page, `rooms-${width}`);
    assert.deepEqual(errors, []);
    await page.context().close();
  }
});

void test("next goes on to another conversation, and a reload comes back as the same person", async () => {
  const { page, errors } = await visit(browser, baseUrl, DESKTOP);
  await nextLine(page);
  const first = (await lastLine(page).getAttribute("data-line"))?.split(" ")[0];
  await page.locator(".next").click();
  await page.locator(".divider").waitFor();
  const second = (await nextLine(page)).split(" ")[0];
  assert.notEqual(second, first);
  const token = () => page.evaluate(() => JSON.stringify(Object.entries(localStorage)));
  const before = await token();
  assert.match(before, /parley-token/);
  await page.reload();
  await page.locator(".chatroom .topic").waitFor();
  assert.equal(await token(), before);
  assert.deepEqual(errors, []);
  await page.context().close();
});

void test("offline says so, and back online the conversation goes on by itself", async () => {
  const { page, errors } = await visit(browser, baseUrl, { ...PHONE, colorScheme: "dark" });
  await nextLine(page);
  await page.context().setOffline(true);
  await page.locator('.banner[data-state="away"]').waitFor({ timeout: 10_000 });
  await picture(page, "offline-phone-dark");
  await page.context().setOffline(false);
  await page.locator(".banner").waitFor({ state: "hidden", timeout: 20_000 });
  await nextLine(page);
  await picture(page, "chatroom-phone-dark");
  // The browser itself reports every fetch it could not make while offline.
  assert.deepEqual(
    errors.filter((error) => !error.includes("ERR_INTERNET_DISCONNECTED")),
    [],
  );
  await page.context().close();
});
