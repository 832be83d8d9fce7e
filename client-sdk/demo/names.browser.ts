/**
 * Names that mean harm, and names written from right to left, wherever the page shows them, in a real Chromium, against
 * a running server: `BASE_URL`, `SCREENSHOT_DIR` (none taken without it) and `CHROMIUM_PATH` say where. Run it with
 * Node itself; the exit status tells.
 */
import assert from "node:assert/strict";
import { test } from "node:test";
import type { Locator, Page } from "playwright-core";
import { DESKTOP, PHONE } from "./testing/open-chromium.ts";
import { cards, nextLine, openCollection, place, press, toast, tokenOf } from "./testing/page-parts.ts";
import { createTestBrowser } from "./testing/test-browser.ts";

const { baseUrl, visit, picture } = createTestBrowser(process.env);
const MARKUP = "<img src=x onerror=globalThis.hit=1>";
const HEBREW = "נועה בת הים!";

/** Gives all my chatlings that name, and comes back to a stage on which all are called so. */
async function nameAll(page: Page, name: string): Promise<void> {
  const headers = { authorization: `Bearer ${await tokenOf(page)}`, "content-type": "application/json" };
  const listed = await fetch(`${baseUrl}/api/me/chatlings`, { headers });
  const { items } = (await listed.json()) as { items: { id: string }[] };
  for (const { id } of items) {
    const body = JSON.stringify({ name });
    const { status } = await fetch(`${baseUrl}/api/me/chatlings/${id}`, { method: "PATCH", headers, body });
    assert.equal(status, 200);
  }
  await page.reload();
  await page.locator(".cast-name", { hasText: name }).first().waitFor();
}

const direction = (element: Locator) => element.evaluate((each) => getComputedStyle(each).direction);

void test("a name full of markup is shown as it is written, everywhere", async () => {
  const { page, close } = await visit(DESKTOP);
  await nameAll(page, MARKUP);
  await nextLine(page);
  assert.equal(await page.locator(".speaker").last().textContent(), MARKUP);
  assert.equal(await page.locator(".cast .star").first().getAttribute("aria-label"), `Favorite ${MARKUP}`);
  await openCollection(page);
  await cards(page).locator(".chatling-open", { hasText: MARKUP }).first().click();
  await page.locator(".chatling-page h1", { hasText: MARKUP }).waitFor();
  assert.equal(await page.title(), `${MARKUP} · Parley`);
  await place(page, "You").click();
  await page.getByLabel("Your name").fill(MARKUP);
  await press(page, "Save name");
  await toast(page, `You are ${MARKUP} now.`).waitFor();
  await picture(page, "names-markup-desktop");
  assert.equal(await page.locator("img:not(.avatar)").count(), 0);
  assert.equal(await page.evaluate(() => "hit" in globalThis), false);
  await close();
});

void test("a name from right to left runs so, and what stands beside it does not", async () => {
  const { page, close } = await visit(PHONE);
  await nameAll(page, HEBREW);
  await nextLine(page);
  await picture(page, "names-rtl-phone");
  assert.equal(await direction(page.locator(".cast-name").first()), "rtl");
  assert.equal(await direction(page.locator(".cast-part").first()), "ltr");
  assert.equal(await direction(page.locator(".speaker").last()), "rtl");
  await openCollection(page);
  await picture(page, "names-rtl-collection-phone");
  assert.equal(await direction(page.locator(".chatling-name").first()), "rtl");
  await page.locator(".chatling-open").first().click();
  assert.equal(await direction(page.locator(".chatling-page h1 bdi")), "rtl");
  await page.getByRole("button", { name: /^Rename/ }).click();
  assert.equal(await direction(page.getByLabel("Name", { exact: true })), "rtl");
  await place(page, "You").click();
  await page.getByLabel("Your name").fill(HEBREW);
  assert.equal(await direction(page.getByLabel("Your name")), "rtl");
  await close();
});
