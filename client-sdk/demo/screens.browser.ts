/**
 * The screens beside the chatroom in a real Chromium, against a running server: `BASE_URL`, `SCREENSHOT_DIR` (none
 * taken without it) and `CHROMIUM_PATH` say where. Run it with Node itself; the exit status tells.
 */
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { test } from "node:test";
import { DESKTOP, PHONE } from "./testing/open-chromium.ts";
import { lines, place, press, toast, tokenOf } from "./testing/page-parts.ts";
import { createTestBrowser } from "./testing/test-browser.ts";

const { baseUrl, visit, picture } = createTestBrowser(process.env);

void test("a room that is on is joined, and then marked as where one is", async () => {
  const [ann, ben] = await Promise.all([visit(DESKTOP), visit(PHONE)]);
  await lines(ann.page).first().waitFor({ timeout: 30_000 });
  const bens = await ben.page.locator(".topic").textContent();
  let wanted = bens ?? "";
  for (let moves = 1; wanted === bens; moves++) {
    await press(ann.page, "Next conversation");
    await ann.page
      .locator(".divider")
      .nth(moves - 1)
      .waitFor();
    wanted = (await ann.page.locator(".topic").textContent()) ?? "";
  }
  await place(ben.page, "Rooms").click();
  await ben.page.getByRole("button", { name: "Look again" }).click();
  await picture(ben.page, "rooms-phone");
  await ben.page.locator(".room", { hasText: wanted }).first().click();
  await ben.page.locator(".chatroom .topic", { hasText: wanted }).waitFor();
  await place(ben.page, "Rooms").click();
  await ben.page.locator('.room[aria-current="true"]', { hasText: wanted }).waitFor();
  await picture(ben.page, "rooms-here-phone");
  await Promise.all([ann.close(), ben.close()]);
});

void test("a list that cannot be loaded offers another try, and one without rooms says what to do", async () => {
  const { page, close } = await visit(DESKTOP);
  const refusal = { error: { code: "unavailable", message: "not now" } };
  await page.route("**/api/chatrooms", (route) => route.fulfill({ status: 503, json: refusal }));
  await place(page, "Rooms").click();
  await page.getByRole("alert").getByText("This could not be loaded.").waitFor();
  await picture(page, "rooms-failed-desktop");
  await page.unroute("**/api/chatrooms");
  await page.route("**/api/chatrooms", (route) => route.fulfill({ json: { items: [] } }));
  await page.getByRole("alert").getByRole("button", { name: "Try again" }).click();
  await page.getByText("No room is on right now. Pick a topic below and open one.").waitFor();
  await page.getByLabel("Light talk").check();
  await page.getByText("No room of this depth is on right now.").waitFor();
  await page.getByRole("button", { name: "Open one" }).click();
  await page.locator(".chatroom .depth-name", { hasText: "Light talk" }).waitFor();
  await close("503");
});

void test("the conversation goes on behind another screen, and the back button leads to it", async () => {
  const { page, close } = await visit(PHONE);
  await lines(page).first().waitFor({ timeout: 30_000 });
  const shown = await lines(page).count();
  await place(page, "Rooms").click();
  await place(page, "You").click();
  await page.waitForFunction(
    (before) => document.querySelectorAll(".line[data-line]").length > before,
    shown,
    { timeout: 30_000 },
  );
  assert.equal(await page.title(), "You · Parley");
  await page.goBack();
  assert.equal(await page.title(), "Rooms · Parley");
  assert.equal(await page.evaluate(() => document.activeElement?.tagName), "H1");
  await page.goBack();
  await page.locator(".chatroom .topic").waitFor();
  assert.equal(await page.title(), `${await page.locator(".topic").textContent()} · Parley`);
  const last = lines(page).last();
  const [line, log] = await Promise.all([last.boundingBox(), page.locator(".log-scroll").boundingBox()]);
  assert.ok(line && log && line.y < log.y + log.height, "the newest line is in view");
  await close();
});

void test("whoever is in the field before the name writes over it", async () => {
  const { page, close } = await visit(DESKTOP);
  const asked = Promise.withResolvers<void>();
  const answer = Promise.withResolvers<void>();
  await page.route("**/api/me", async (route) => {
    asked.resolve();
    await answer.promise;
    await route.continue();
  });
  await place(page, "You").click();
  await asked.promise;
  const field = page.getByLabel("Your name");
  await field.focus();
  assert.equal(await field.inputValue(), "");
  answer.resolve();
  await page.waitForFunction(
    () => document.querySelector<HTMLInputElement>(".settings .field")?.value !== "",
  );
  await page.keyboard.type("Zoë");
  assert.equal(await field.inputValue(), "Zoë");
  await close();
});

void test("a name is given later, my data is a download, and deleting everything leaves nothing", async () => {
  const { page, close } = await visit(PHONE);
  await place(page, "You").click();
  await page.getByLabel("Your name").fill("Zoë");
  await page.getByRole("button", { name: "Save name" }).click();
  await toast(page, "You are Zoë now.").waitFor();
  await picture(page, "you-phone");
  const download = page.waitForEvent("download");
  await page.getByRole("button", { name: "Download my data" }).click();
  const file = await (await download).path();
  const data = JSON.parse(await readFile(file, "utf8")) as { user: { name: string }; chatlings: unknown[] };
  assert.deepEqual([data.user.name, data.chatlings.length], ["Zoë", 5]);
  const token = await tokenOf(page);
  await page.getByRole("button", { name: "Delete everything" }).click();
  await picture(page, "you-confirm-phone");
  await page.getByRole("button", { name: "Yes, delete everything" }).click();
  await page.locator("h1", { hasText: "Everything is deleted" }).waitFor();
  assert.equal(await page.evaluate(() => localStorage.length), 0);
  await picture(page, "farewell-phone");
  const { status } = await fetch(new URL("/api/me", baseUrl), {
    headers: { authorization: `Bearer ${token}` },
  });
  assert.equal(status, 401);
  await page.getByRole("link", { name: "Start anew" }).click();
  await page.locator(".chatroom .topic").waitFor();
  await close();
});
