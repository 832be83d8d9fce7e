/**
 * The whole of the page by keyboard alone, in a real Chromium, against a running server: `BASE_URL` and
 * `CHROMIUM_PATH` say where. Run it with Node itself; the exit status tells.
 */
import assert from "node:assert/strict";
import { test } from "node:test";
import type { Page } from "playwright-core";
import { DESKTOP } from "./testing/open-chromium.ts";
import { focused, nextLine, toast } from "./testing/page-parts.ts";
import { tabTo } from "./testing/tab-to.ts";
import { createTestBrowser } from "./testing/test-browser.ts";

const { visit } = createTestBrowser(process.env);

/** Tab to it and Enter. */
async function enter(page: Page, words: string): Promise<void> {
  await tabTo(page, words);
  await page.keyboard.press("Enter");
}

const onHeading = (page: Page, text: string) =>
  page.waitForFunction(
    (text) => document.activeElement?.tagName === "H1" && document.activeElement.textContent === text,
    text,
  );

const outline = (page: Page) =>
  page.evaluate(() => {
    const on = document.activeElement;
    return on ? getComputedStyle(on).outlineStyle : "none";
  });

void test("watching, moving on, reacting, joining a room, making a chatling, its star and my name need no pointer", async () => {
  const { page, close } = await visit(DESKTOP);
  const { keyboard } = page;

  const topic = await page.locator(".topic").textContent();
  await enter(page, "Next conversation");
  assert.equal(await outline(page), "solid");
  await page.locator(".divider").waitFor();
  assert.notEqual(await page.locator(".topic").textContent(), topic);
  assert.equal(await focused(page), "Next");
  await nextLine(page);
  await enter(page, "React to");
  await keyboard.press("End");
  await keyboard.press("Enter");
  await page.locator('.chip[aria-pressed="true"]').waitFor();
  assert.equal(await page.evaluate(() => document.activeElement?.className), "react");

  await enter(page, "Rooms");
  await onHeading(page, "What are you in the mood for?");
  await tabTo(page, "Any depth");
  await keyboard.press("ArrowRight");
  assert.equal(await page.locator('.depths input[value="simple"]').isChecked(), true);
  await page.locator(".topic-chip").first().waitFor();
  const chosen = (await page.locator(".topic-chip").first().textContent()) ?? "";
  await enter(page, chosen);
  await page.locator(".chatroom .topic", { hasText: chosen }).waitFor();
  await page.locator(".depth-name", { hasText: "Light talk" }).waitFor();

  await enter(page, "My chatlings");
  await onHeading(page, "My chatlings");
  await enter(page, "New chatling");
  await onHeading(page, "New chatling");
  await tabTo(page, "What is it called?");
  await keyboard.type("Pip");
  await tabTo(page, "What is it like?");
  await keyboard.type("brave and loyal");
  await keyboard.press("Tab");
  await keyboard.press("ArrowRight");
  await keyboard.press("Enter");
  await page.locator(".chatling-page h1", { hasText: "Pip" }).waitFor();
  await enter(page, "All my chatlings");
  await page.waitForFunction(() => document.activeElement?.textContent === "Pip");
  await tabTo(page, "Favorite Pip");
  await keyboard.press("Space");
  await page.locator('.star[aria-label="Favorite Pip"][aria-pressed="true"]').first().waitFor();

  // Round the end of the page and in again at its top.
  await enter(page, "You");
  await onHeading(page, "You");
  await tabTo(page, "Your name");
  await keyboard.type("Kim");
  await keyboard.press("Enter");
  await toast(page, "You are Kim now.").waitFor();
  await enter(page, "Delete everything");
  assert.equal(await focused(page), "No, keep it all");
  await keyboard.press("Escape");
  assert.equal(await focused(page), "Delete everything");
  await close();
});
