/**
 * The page in a real Chromium, against a running server: `BASE_URL`, `SCREENSHOT_DIR` (none taken without it) and
 * `CHROMIUM_PATH` say where. Run it with Node itself; the exit status tells.
 */
import assert from "node:assert/strict";
import { test } from "node:test";
import type { Page } from "playwright-core";
import { hearAnnouncements, readHeard } from "./testing/hear-announcements.ts";
import { noteLines } from "./testing/note-lines.ts";
import { DESKTOP, PHONE } from "./testing/open-chromium.ts";
import { lastLine, nextLine, openCollection, overflow, place, tokenOf } from "./testing/page-parts.ts";
import { createTestBrowser } from "./testing/test-browser.ts";

const { visit, picture } = createTestBrowser(process.env);

const castNames = (page: Page) => page.locator(".cast-name").allTextContents();

/** Words of a line with each viewer's own names taken out. */
async function wordsWithoutNames(page: Page, key: string): Promise<string> {
  const words = await page.locator(`.line[data-line="${key}"] .words`).textContent();
  return (await castNames(page)).reduce((text, name) => text.replaceAll(name, "*"), words ?? "");
}

void test("two people see the same line at the same moment, each with chatlings of their own", async () => {
  const [ann, ben] = await Promise.all([visit(PHONE), visit(DESKTOP)]);
  const key = await nextLine(ann.page);
  await ben.page.locator(`.line[data-line="${key}"]`).waitFor({ timeout: 1000 });
  for (const part of [".topic", ".depth-name"]) {
    const told = await ann.page.locator(part).textContent();
    assert.equal(told, await ben.page.locator(part).textContent());
    assert.notEqual(told, "");
  }
  for (const { page } of [ann, ben]) await page.locator(".viewers", { hasText: /[2-9] watching/ }).waitFor();
  assert.equal(await wordsWithoutNames(ann.page, key), await wordsWithoutNames(ben.page, key));
  assert.notDeepEqual(await castNames(ann.page), await castNames(ben.page));
  await ann.page.locator(".typing").waitFor();
  const typing = (await ann.page.locator(".typing .visually-hidden").textContent()) ?? "";
  await picture(ann.page, "chatroom-phone");
  await picture(ben.page, "chatroom-desktop");
  await nextLine(ann.page);
  const said = (await lastLine(ann.page).locator(".bubble").textContent()) ?? "";
  assert.ok(said.startsWith(typing.replace(" is typing", "")), "who was typing has the word");
  await Promise.all([ann.close(), ben.close()]);
});

void test("every chatling on stage has a drawing of its own, made here and not fetched", async () => {
  const { page, close } = await visit(DESKTOP);
  const drawn = await page.locator(".cast-member .avatar:not(.blink)").evaluateAll((pictures) =>
    pictures.map((picture) => ({
      address: (picture as HTMLImageElement).src,
      isShown: (picture as HTMLImageElement).naturalWidth > 0,
    })),
  );
  assert.equal(drawn.length, await page.locator(".cast-member").count());
  assert.equal(new Set(drawn.map(({ address }) => address)).size, drawn.length);
  for (const { address, isShown } of drawn) assert.ok(isShown && address.startsWith("blob:"), address);
  const fetched = await page.evaluate(() => performance.getEntriesByType("resource").map(({ name }) => name));
  assert.deepEqual(
    fetched.filter((address) => /\.(png|jpe?g|webp|gif|avif|woff2?)/.test(address)),
    [],
  );
  assert.equal(await page.locator('img:not([src^="blob:"]), image').count(), 0);
  await close();
});

void test("a reaction given by keyboard bursts, and is counted for everyone", async () => {
  const [ann, ben] = await Promise.all([visit(DESKTOP), visit(DESKTOP)]);
  const key = await nextLine(ann.page);
  await ann.page.locator(`.line[data-line="${key}"] .react`).focus();
  await ann.page.keyboard.press("Enter");
  await ann.page.keyboard.press("ArrowRight");
  // It is over within a second, so it is waited for beforehand.
  const burst = ann.page.locator(".burst", { hasText: "😂" }).first().waitFor();
  await ann.page.keyboard.press("Enter");
  await burst;
  const chip = `.line[data-line="${key}"] .chip[data-emoji="😂"]`;
  await ben.page.locator(chip).waitFor({ timeout: 5000 });
  await ben.page.locator(chip).click();
  await ann.page.locator(`${chip}:has-text("2")`).waitFor({ timeout: 5000 });
  await picture(ann.page, "reactions-desktop");
  await ann.page.waitForFunction(() => !document.querySelector(".burst"));
  await Promise.all([ann.close(), ben.close()]);
});

void test("one tap on the stage makes a favorite, and the collection knows", async () => {
  const { page, close } = await visit(PHONE);
  const star = page.locator(".cast .star").first();
  const label = (await star.getAttribute("aria-label")) ?? "";
  await star.tap();
  assert.equal(await star.getAttribute("aria-pressed"), "true");
  // The room writes it down behind the tap.
  await page.waitForFunction(
    async (token) => {
      const headers = { authorization: `Bearer ${token}` };
      const { items } = await (await fetch("/api/me/chatlings", { headers })).json();
      return (items as { favorite: boolean }[]).some(({ favorite }) => favorite);
    },
    await tokenOf(page),
  );
  await openCollection(page);
  await page.locator(`.chatling .star[aria-label="${label}"][aria-pressed="true"]`).waitFor();
  await close();
});

void test("a small phone never scrolls sideways", async () => {
  for (const width of [320, 390]) {
    const { page, close } = await visit({ ...PHONE, viewport: { width, height: 640 } });
    await nextLine(page);
    await lastLine(page).locator(".react").click();
    await page.locator(".reaction-bar").waitFor();
    assert.equal(await overflow(page), 0);
    const bar = await page.locator(".reaction-bar").boundingBox();
    assert.ok(bar && bar.x >= 0 && bar.x + bar.width <= width, "the reaction bar stays on the screen");
    await page.keyboard.press("Escape");
    await place(page, "Rooms").click();
    await page.locator(".room").first().waitFor();
    assert.equal(await overflow(page), 0);
    await picture(page, `rooms-${width}`);
    await close();
  }
});

void test("next goes on to another conversation, and a reload comes back as the same person", async () => {
  const { page, close } = await visit(DESKTOP);
  await nextLine(page);
  const first = (await lastLine(page).getAttribute("data-line"))?.split(" ")[0];
  await page.locator(".next").click();
  await page.locator(".divider").waitFor();
  const second = (await nextLine(page)).split(" ")[0];
  assert.notEqual(second, first);
  const before = await tokenOf(page);
  assert.notEqual(before, "");
  await page.reload();
  await page.locator(".chatroom .topic").waitFor();
  assert.equal(await tokenOf(page), before);
  await close();
});

void test("offline says so, and back online the conversation goes on by itself", async () => {
  const { page, close } = await visit({ ...PHONE, colorScheme: "dark" }, { prepare: hearAnnouncements });
  await nextLine(page);
  const readLines = await noteLines(page);
  await page.context().setOffline(true);
  const away = page.locator('.banner[data-state="away"]');
  await away.waitFor({ timeout: 10_000 });
  assert.equal(await away.textContent(), "You are offline. The conversation comes back when you do.");
  await picture(page, "offline-phone-dark");
  await page.context().setOffline(false);
  await page.locator(".banner").waitFor({ state: "hidden", timeout: 20_000 });
  await nextLine(page);
  await picture(page, "chatroom-phone-dark");
  for (const told of [await readLines(), await readHeard(page)])
    assert.deepEqual(told, [...new Set(told)], "nothing is shown or read out twice");
  // The browser itself reports every fetch it could not make while offline.
  await close("ERR_INTERNET_DISCONNECTED");
});
