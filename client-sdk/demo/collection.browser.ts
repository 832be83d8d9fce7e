/**
 * The collection in a real Chromium, against a running server: `BASE_URL`, `SCREENSHOT_DIR` (none
 * taken without it) and `CHROMIUM_PATH` say where. Run it with Node itself; the exit status tells.
 */
import assert from "node:assert/strict";
import { test } from "node:test";
import type { Page } from "playwright-core";
import { DESKTOP, PHONE } from "./testing/open-chromium.ts";
import { cards, openCollection, overflow, place, toast } from "./testing/page-parts.ts";
import { createTestBrowser } from "./testing/test-browser.ts";

const { visit, picture } = createTestBrowser(process.env);

async function create(page: Page, name: string, character: string, element: string): Promise<void> {
  await page.locator(".create").click();
  await page.getByLabel("What is it called?").fill(name);
  await page.getByLabel("What is it like?").fill(character);
  await page.locator(`.elements input[value="${element}"]`).check();
  await page.getByRole("button", { name: "Bring it to life" }).click();
  await page.locator(".chatling-page h1", { hasText: name }).waitFor();
}

void test("a chatling is made from a few words, which tell where its traits come from", async () => {
  const { page, close } = await visit(PHONE);
  await openCollection(page);
  assert.equal(await cards(page).count(), 5);
  await create(page, "نور الصباح", "cheerful and curious, never shy", "light");
  assert.match(
    (await page.locator(".traits").textContent()) ?? "",
    /curious from “curious” in its character/,
  );
  assert.doesNotMatch((await page.locator(".traits").textContent()) ?? "", /shy/);
  await toast(page, "has joined").waitFor();
  await picture(page, "chatling-made-phone");
  assert.equal(await overflow(page), 0);
  await page.goBack();
  await cards(page).nth(5).waitFor();
  assert.match((await cards(page).last().textContent()) ?? "", /نور الصباح.*Common.*Light/);
  await picture(page, "collection-phone");
  await close();
});

void test("renaming, the favorite and resting are kept, and too few awake is said", async () => {
  const { page, close } = await visit({ ...DESKTOP, colorScheme: "dark" });
  await openCollection(page);
  const first = cards(page).first();
  await first.locator(".star").click();
  await first.locator(".chatling-open").click();
  await page.getByRole("button", { name: /^Rename/ }).click();
  await page.getByLabel("Name", { exact: true }).fill("Quibble");
  await page.keyboard.press("Enter");
  await toast(page, "It is called Quibble now.").waitFor();
  assert.equal(await page.title(), "Quibble · Parley");
  await page.getByRole("button", { name: "Rename Quibble" }).click();
  await page.keyboard.type("Never mind");
  await page.keyboard.press("Escape");
  assert.equal(await page.locator(".chatling-page h1").textContent(), "Quibble");
  await page.goBack();
  for (let index = 1; index < 5; index++) {
    await cards(page).nth(index).locator(".chatling-open").click();
    assert.equal((await page.locator(".chatling-page .note").textContent()) === "", true);
    await page.getByRole("switch", { name: "Awake" }).click();
    if (index === 4) await page.locator(".chatling-page .note", { hasText: "Only one is awake" }).waitFor();
    await page.goBack();
  }
  await page.locator(".stacked > .page:not(.offstage) .note", { hasText: "Only one is awake" }).waitFor();
  await picture(page, "collection-too-few-desktop-dark");
  await page.reload();
  await cards(page).first().waitFor();
  assert.match((await first.textContent()) ?? "", /Quibble/);
  assert.equal(await first.locator(".star").getAttribute("aria-pressed"), "true");
  assert.equal(await page.locator(".chatling.asleep").count(), 4);
  // With one awake there is nothing to watch: the page says so and leads back here.
  await place(page, "Watch").click();
  await page.locator(".failure h1", { hasText: "Your chatlings need company" }).waitFor();
  await picture(page, "too-few-desktop-dark");
  await page.locator(".failure .button", { hasText: "My chatlings" }).click();
  await cards(page).nth(1).locator(".chatling-open").click();
  await page.getByRole("switch", { name: "Awake" }).click();
  await page.locator(".chatling-page .note:not(:empty)").waitFor({ state: "detached" });
  await place(page, "Watch").click();
  await page.locator(".chatroom .topic").waitFor();
  await close("422");
});

void test("a chatling's page tells what it played and how the score came about", async () => {
  const { page, close } = await visit(DESKTOP);
  await page.locator(".cast-name").first().waitFor();
  const name = (await page.locator(".cast-name").first().textContent()) ?? "";
  const topic = (await page.locator(".topic").textContent()) ?? "";
  await page.locator(".next").click();
  await page.locator(".divider").waitFor();
  await openCollection(page);
  await page.locator(".chatling-open", { hasText: name }).first().click();
  const role = page.locator(".role", { hasText: topic });
  await role.waitFor();
  await role.locator("summary").click();
  const why = (await role.locator(".why").textContent()) ?? "";
  assert.match(why, /Personality: \d\.\d of \d\.\d/);
  assert.match(why, /Rarity: \d\.\d of \d\.\d/);
  await picture(page, "chatling-desktop");
  await close();
});

void test("a character is rewritten, with traits read anew; what cannot be kept stays to be tried again", async () => {
  const { page, close } = await visit(PHONE);
  await openCollection(page);
  await cards(page).first().locator(".chatling-open").click();
  const rewrite = page.getByRole("button", { name: "Rewrite its character" });
  const character = page.getByRole("textbox", { name: "Character" });
  const save = page.getByRole("button", { name: "Save" });
  await rewrite.click();
  await character.fill("Something nobody will read");
  await page.keyboard.press("Escape");
  await rewrite.waitFor();
  assert.equal(await rewrite.evaluate((button) => button === document.activeElement), true);
  await rewrite.press("Enter");
  await character.fill("");
  await save.click();
  await page.locator(".problem:not(:empty)").waitFor();
  await character.fill("Endlessly curious, and brave beyond reason");
  await page.context().setOffline(true);
  await save.click();
  await page.locator(".problem", { hasText: "could not be saved" }).waitFor();
  await page.context().setOffline(false);
  await save.click();
  await toast(page, "read anew").waitFor();
  assert.match(
    (await page.locator(".traits").textContent()) ?? "",
    /curious from “curious” in its character/,
  );
  await page.reload();
  await page.locator(".told", { hasText: "brave beyond reason" }).waitFor();
  await close("ERR_INTERNET_DISCONNECTED");
});
