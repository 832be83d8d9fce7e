/**
 * What everybody can use: every screen and notable state in a real Chromium, light and dark, read out, without motion,
 * and on the smallest of phones, against a running server: `BASE_URL`, `SCREENSHOT_DIR` (none taken without it) and
 * `CHROMIUM_PATH` say where. Run it with Node itself; the exit status tells.
 */
import assert from "node:assert/strict";
import { test } from "node:test";
import type { Page } from "playwright-core";
import { findProblems } from "./testing/find-problems.ts";
import { DESKTOP, PHONE } from "./testing/open-chromium.ts";
import { lastLine, nextLine, openCollection, place, press, toast } from "./testing/page-parts.ts";
import { createTestBrowser } from "./testing/test-browser.ts";

const { visit, picture } = createTestBrowser(process.env);
const STILL = { reducedMotion: "reduce" } as const;
const SCREENS = ["", "rooms", "chatlings", "chatlings/new", "chatlings/nobody", "you"];

async function inspect(page: Page, name: string): Promise<void> {
  await picture(page, `access-${name}`);
  assert.deepEqual(await findProblems(page), [], `on ${name}`);
}

async function goTo(page: Page, path: string): Promise<void> {
  await page.evaluate((hash) => void (location.hash = hash), `#/${path}`);
  await page.waitForFunction(() => !document.querySelector(".screens > :not(.offstage) [aria-busy]"));
}

/** Goes to every screen in turn, the page of the newest chatling among them. */
async function eachScreen(page: Page, look: (name: string) => Promise<void>): Promise<void> {
  for (const path of SCREENS) {
    await goTo(page, path);
    await look(path === "" ? "watch" : path.replace("/", "-"));
    if (path !== "chatlings") continue;
    const href = (await page.locator(".chatling-open").last().getAttribute("href")) ?? "";
    await goTo(page, href.replace("#/", ""));
    await look("chatling");
  }
}

/** Answers every call of that address as a server that cannot. */
const refuse = (page: Page, address: string, status: number, code: string) =>
  page.route(address, (route) =>
    route.request().method() === "OPTIONS"
      ? route.continue()
      : route.fulfill({ status, json: { error: { code, message: "not now" } } }),
  );

for (const [size, options] of [
  ["phone", PHONE],
  ["desktop", DESKTOP],
] as const) {
  void test(`nothing is to mend on any screen, with long names and words too (${size})`, async () => {
    const { page, close } = await visit({ ...options, ...STILL });
    await openCollection(page);
    await page.locator(".create").click();
    await page.getByLabel("What is it called?").fill("W".repeat(40));
    await page.getByLabel("What is it like?").fill("brave".padEnd(400, "x"));
    await press(page, "Bring it to life");
    await page.locator(".chatling-page h1").waitFor();
    await nextLine(page);
    await eachScreen(page, (name) => inspect(page, `${name}-${size}`));
    await close();
  });
}

void test("nothing is to mend in what a screen may turn into", async () => {
  const { page, close } = await visit({ ...PHONE, ...STILL });
  await nextLine(page);
  await lastLine(page).locator(".react").click();
  await page.locator(".reaction-bar").waitFor();
  await inspect(page, "reaction-bar");
  await page.keyboard.press("Enter");
  await page.locator('.chip[aria-pressed="true"]').waitFor();
  await inspect(page, "reaction-given");

  await openCollection(page);
  await page.locator(".chatling-open").first().click();
  await page.getByRole("button", { name: /^Rename/ }).click();
  await inspect(page, "rename");
  await refuse(page, "**/api/me/chatlings", 409, "collection-full");
  await goTo(page, "chatlings/new");
  await page.getByLabel("What is it called?").fill("Pip");
  await page.getByLabel("What is it like?").fill("brave");
  await press(page, "Bring it to life");
  await page.locator(".problem:not(:empty)").waitFor();
  await inspect(page, "create-refused");

  await refuse(page, "**/api/chatrooms", 503, "unavailable");
  await place(page, "Rooms").click();
  await page.getByText("This could not be loaded.").first().waitFor();
  await inspect(page, "rooms-failed");
  await place(page, "You").click();
  await page.getByLabel("Your name").fill("Kim");
  await press(page, "Save name");
  await toast(page, "You are Kim now.").waitFor();
  await press(page, "Delete everything");
  await inspect(page, "erase-question");

  await place(page, "Watch").click();
  await page.context().setOffline(true);
  await page.locator('.banner[data-state="away"]').waitFor();
  await inspect(page, "offline");
  await close("409", "503", "ERR_INTERNET_DISCONNECTED");
});

void test("nothing is to mend while one arrives, where one cannot, and where one has left for good", async () => {
  const { page, close } = await visit({ ...PHONE, ...STILL });
  let answer = () => {};
  const held = new Promise<void>((resolve) => (answer = resolve));
  await page.route("**/matchmake/**", async (route) => {
    await held;
    await route.fulfill({ status: 503, json: { code: 503, error: "unavailable: not now" } });
  });
  await page.reload();
  await page.locator(".arriving").waitFor();
  await inspect(page, "arriving");
  answer();
  await page.locator(".failure h1", { hasText: "Back in a moment" }).waitFor();
  await page.locator(".failure-wait", { hasText: "Trying again in" }).waitFor();
  await inspect(page, "failure");
  await place(page, "You").click();
  await press(page, "Delete everything");
  await press(page, "Yes, delete everything");
  await page.locator("h1", { hasText: "Everything is deleted" }).waitFor();
  await inspect(page, "farewell");
  await close("503");
});

void test("nothing moves where less motion is wished, and something does where it is not", async () => {
  const moving = (page: Page) => page.evaluate(() => document.getAnimations().length);
  const [calm, lively] = await Promise.all([visit({ ...DESKTOP, ...STILL }), visit(DESKTOP)]);
  await calm.page.locator(".typing").waitFor();
  assert.equal(await moving(calm.page), 0);
  await nextLine(calm.page);
  assert.notEqual(await moving(lively.page), 0);
  await lastLine(calm.page).locator(".react").click();
  await calm.page.keyboard.press("Enter");
  await calm.page.locator('.chip[aria-pressed="true"]').waitFor();
  assert.equal(await calm.page.locator(".burst").count(), 0);
  await eachScreen(calm.page, async (name) => assert.equal(await moving(calm.page), 0, name));
  await Promise.all([calm.close(), lively.close()]);
});
