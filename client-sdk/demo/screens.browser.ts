/**
 * The screens beside the chatroom in a real Chromium, against a running server: `BASE_URL`, `SCREENSHOT_DIR` (none
 * taken without it) and `CHROMIUM_PATH` say where. Run it with Node itself; the exit status tells.
 */
import assert from "node:assert/strict";
import { mkdir, readFile } from "node:fs/promises";
import { after, before, test } from "node:test";
import axe from "axe-core";
import type { Browser, Page } from "playwright-core";
import { DESKTOP, openChromium, PHONE, visit } from "./testing/open-chromium.ts";

const baseUrl = process.env["BASE_URL"] ?? "http://127.0.0.1:2567";
const screenshots = process.env["SCREENSHOT_DIR"];

let browser: Browser;

before(async () => {
  browser = await openChromium(process.env["CHROMIUM_PATH"] ?? "/usr/bin/chromium");
  if (screenshots) await mkdir(screenshots, { recursive: true });
});
after(() => browser.close());

async function picture(page: Page, name: string): Promise<void> {
  if (screenshots) await page.screenshot({ path: `${screenshots}/${name}.png` });
}

const place = (page: Page, name: string) => page.locator(".place", { hasText: name });
const cards = (page: Page) => page.locator(".chatling");
const toast = (page: Page, text: string) => page.locator(".screens > .toast", { hasText: text });
const overflow = (page: Page) =>
  page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);

void test("a room that is on is joined, and then marked as where one is", async () => {
  const [ann, ben] = await Promise.all([visit(browser, baseUrl, DESKTOP), visit(browser, baseUrl, PHONE)]);
  await ann.page.locator(".line[data-line]").first().waitFor({ timeout: 30_000 });
  await ann.page.locator(".next").click();
  await ann.page.locator(".divider").waitFor();
  const wanted = (await ann.page.locator(".topic").textContent()) ?? "";
  assert.notEqual(await ben.page.locator(".topic").textContent(), wanted);
  await place(ben.page, "Rooms").click();
  await ben.page.getByRole("button", { name: "Look again" }).click();
  await picture(ben.page, "rooms-phone");
  await ben.page.locator(".room", { hasText: wanted }).first().click();
  await ben.page.locator(".chatroom .topic", { hasText: wanted }).waitFor();
  await place(ben.page, "Rooms").click();
  await ben.page.locator('.room[aria-current="true"]', { hasText: wanted }).waitFor();
  await picture(ben.page, "rooms-here-phone");
  assert.deepEqual([ann.errors, ben.errors], [[], []]);
  await Promise.all([ann.page.context().close(), ben.page.context().close()]);
});

void test("a list that cannot be loaded offers another try, and one without rooms says what to do", async () => {
  const { page, errors } = await visit(browser, baseUrl, DESKTOP);
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
  assert.deepEqual(
    errors.filter((error) => !error.includes("503")),
    [],
  );
  await page.context().close();
});

void test("the conversation goes on behind another screen, and the back button leads to it", async () => {
  const { page, errors } = await visit(browser, baseUrl, PHONE);
  const lines = page.locator(".line[data-line]");
  await lines.first().waitFor({ timeout: 30_000 });
  const shown = await lines.count();
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
  const last = lines.last();
  const [line, log] = await Promise.all([last.boundingBox(), page.locator(".log-scroll").boundingBox()]);
  assert.ok(line && log && line.y < log.y + log.height, "the newest line is in view");
  assert.deepEqual(errors, []);
  await page.context().close();
});

void test("everything can be done by keyboard alone", async () => {
  const { page, errors } = await visit(browser, baseUrl, DESKTOP);
  const { keyboard } = page;
  const focused = () => page.evaluate(() => document.activeElement?.textContent?.trim() ?? "");
  const onHeading = (text: string) =>
    page.waitForFunction(
      (text) => document.activeElement?.tagName === "H1" && document.activeElement.textContent === text,
      text,
    );
  const tabTo = async (text: string) => {
    for (let presses = 0; presses < 60; presses++) {
      await keyboard.press("Tab");
      const label = await page.evaluate(() => {
        const on = document.activeElement;
        // Between the last stop and the first it is the body, which holds every text.
        return on === document.body ? "" : `${on?.getAttribute("aria-label") ?? ""} ${on?.textContent ?? ""}`;
      });
      if (label.includes(text)) return;
    }
    assert.fail(`Tab never came to ${text}`);
  };
  await tabTo("My chatlings");
  const outline = await page.evaluate(() => {
    const on = document.activeElement;
    return on ? getComputedStyle(on).outlineStyle : "none";
  });
  assert.equal(outline, "solid");
  await keyboard.press("Enter");
  await cards(page).first().waitFor();
  await onHeading("My chatlings");
  await tabTo("New chatling");
  await keyboard.press("Enter");
  await onHeading("New chatling");
  await keyboard.press("Tab");
  await keyboard.type("Pip");
  await keyboard.press("Tab");
  await keyboard.type("brave and loyal");
  await keyboard.press("Tab");
  await keyboard.press("ArrowRight");
  await keyboard.press("Enter");
  await page.locator(".chatling-page h1", { hasText: "Pip" }).waitFor();
  await tabTo("All my chatlings");
  await keyboard.press("Enter");
  await page.waitForFunction(() => document.activeElement?.textContent === "Pip");
  await tabTo("Favorite Pip");
  await keyboard.press("Space");
  await page.locator('.star[aria-label="Favorite Pip"][aria-pressed="true"]').first().waitFor();
  await page.goto(`${baseUrl}/#/you`);
  await page.getByRole("button", { name: "Delete everything" }).focus();
  await keyboard.press("Enter");
  assert.equal(await focused(), "No, keep it all");
  await keyboard.press("Escape");
  assert.equal(await focused(), "Delete everything");
  await page.goto(`${baseUrl}/#/rooms`);
  await page.locator(".depths input").first().focus();
  await keyboard.press("ArrowRight");
  assert.equal(await page.locator('.depths input[value="simple"]').isChecked(), true);
  assert.deepEqual(errors, []);
  await page.context().close();
});

void test("a name is given later, my data is a download, and deleting everything leaves nothing", async () => {
  const { page, errors } = await visit(browser, baseUrl, PHONE);
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
  const token = await page.evaluate(() => Object.values(localStorage).join(""));
  await page.getByRole("button", { name: "Delete everything" }).click();
  await picture(page, "you-confirm-phone");
  await page.getByRole("button", { name: "Yes, delete everything" }).click();
  await page.locator("h1", { hasText: "Everything is deleted" }).waitFor();
  assert.equal(await page.evaluate(() => localStorage.length), 0);
  await picture(page, "farewell-phone");
  const { status } = await fetch(new URL("/api/me", baseUrl), {
    headers: { authorization: `Bearer ${/[\w-]+\.[\w-]+\.[\w-]+/.exec(token)?.[0] ?? ""}` },
  });
  assert.equal(status, 401);
  await page.getByRole("link", { name: "Start anew" }).click();
  await page.locator(".chatroom .topic").waitFor();
  assert.deepEqual(errors, []);
  await page.context().close();
});

const SCREENS = ["", "rooms", "chatlings", "chatlings/new", "you"];

/** Goes to every screen in turn, the page of a chatling among them. */
async function eachScreen(page: Page, look: (name: string) => Promise<void>): Promise<void> {
  const open = async (path: string) => {
    await page.evaluate((hash) => void (location.hash = hash), `#/${path}`);
    await page.waitForFunction(() => !document.querySelector(".screens > :not(.offstage) [aria-busy]"));
  };
  for (const path of SCREENS) {
    await open(path);
    await look(path === "" ? "watch" : path.replace("/", "-"));
    if (path !== "chatlings") continue;
    const href = (await page.locator(".chatling-open").last().getAttribute("href")) ?? "";
    await open(href.replace("#/", ""));
    await look("chatling");
  }
}

for (const colorScheme of ["light", "dark"] as const) {
  for (const [size, options] of [
    ["phone", PHONE],
    ["desktop", DESKTOP],
  ] as const) {
    void test(`axe finds nothing to mend on any screen (${colorScheme}, ${size})`, async () => {
      const motion = { colorScheme, reducedMotion: "reduce" } as const;
      const { page, errors } = await visit(browser, baseUrl, { ...options, ...motion });
      await page.locator(".line[data-line]").first().waitFor({ timeout: 30_000 });
      await page.evaluate(axe.source);
      await eachScreen(page, async (name) => {
        await picture(page, `axe-${name}-${size}-${colorScheme}`);
        const { violations } = await page.evaluate(() =>
          (globalThis as unknown as { axe: typeof axe }).axe.run(document),
        );
        const found = violations.flatMap(({ id, nodes }) => nodes.map((node) => `${id}: ${node.html}`));
        assert.deepEqual(found, [], `on ${name}`);
      });
      assert.deepEqual(errors, []);
      await page.context().close();
    });
  }
}

void test("no screen scrolls sideways at 320 pixels", async () => {
  const narrow = { ...PHONE, viewport: { width: 320, height: 568 } };
  const { page, errors } = await visit(browser, baseUrl, narrow);
  await place(page, "My chatlings").click();
  await page.locator(".create").click();
  await page.getByLabel("What is it called?").fill("W".repeat(40));
  await page.getByLabel("What is it like?").fill("brave".padEnd(400, "x"));
  await page.getByRole("button", { name: "Bring it to life" }).click();
  await page.locator(".chatling-page h1").waitFor();
  await eachScreen(page, async (name) => {
    assert.equal(await overflow(page), 0, name);
    const wide = await page.evaluate(() =>
      [...document.querySelectorAll(".screens > :not(.offstage), .screens > :not(.offstage) .page")]
        .filter((each) => !each.matches(".toast") && each.scrollWidth > each.clientWidth)
        .map((each) => each.className),
    );
    assert.deepEqual(wide, [], name);
    await picture(page, `narrow-${name}`);
  });
  assert.deepEqual(errors, []);
  await page.context().close();
});
