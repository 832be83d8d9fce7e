/**
 * The operator's desk in a real Chromium, against a running server: `BASE_URL`, `ADMIN_PASSWORD` (that server's),
 * `SCREENSHOT_DIR` (none taken without it) and `CHROMIUM_PATH` say where. Run it with Node itself; the exit status
 * tells.
 */
import assert from "node:assert/strict";
import { test } from "node:test";
import { findViolations } from "../demo/testing/find-problems.ts";
import { DESKTOP, PHONE } from "../demo/testing/open-chromium.ts";
import { focused, press } from "../demo/testing/page-parts.ts";
import { createTestBrowser } from "../demo/testing/test-browser.ts";
import { createDeskVisits, createGuest, go } from "./testing/enter-desk.ts";

const browser = createTestBrowser(process.env);
const { baseUrl, visit, picture } = browser;
const { openDesk, signIn, enterDesk } = createDeskVisits(browser, process.env["ADMIN_PASSWORD"]);
const PANELS = [
  "Overview",
  "Conversations",
  "Topics",
  "People",
  "Rooms",
  "Errors",
  "Engagement",
  "Models",
  "Process",
];

const unique = (word: string): string => `${word}${Date.now().toString(36)}`;

void test("a wrong password is refused; the right one opens the desk for this tab alone, and signing out ends it", async () => {
  const { page, close } = await openDesk(DESKTOP);
  await page.getByLabel("Operator's password").fill("a guess");
  await page.keyboard.press("Enter");
  await page.getByRole("alert").getByText("That is not the operator's password.").waitFor();
  await signIn(page);
  assert.deepEqual(await page.evaluate(() => [sessionStorage.length, localStorage.length]), [1, 0]);
  await page.reload();
  await page.locator(".plot").first().waitFor();
  await press(page, "Sign out");
  await page.getByText("You are signed out.").waitFor();
  assert.equal(await page.evaluate(() => sessionStorage.length), 0);
  await close("401");
});

void test("the page is not stored, and nothing but itself may be loaded into it", async () => {
  for (const path of ["/admin", "/admin/"]) {
    const answer = await fetch(baseUrl + path);
    assert.equal(answer.status, 200);
    assert.equal(answer.headers.get("cache-control"), "no-store");
    const policy = answer.headers.get("content-security-policy") ?? "";
    assert.ok(policy.includes("default-src 'none'") && !policy.includes("unsafe"), policy);
  }
});

void test("the overview shows the pool's figures, and plots that are told in words as well", async () => {
  const { page, close } = await enterDesk(DESKTOP);
  const size = page.getByRole("img", { name: "Pool size" });
  const told = await page.locator(`#${await size.getAttribute("aria-describedby")}`).textContent();
  assert.match(told ?? "", /^Latest [\d,]+; lowest [\d,]+, highest [\d,]+ since \d\d:\d\d\.$/);
  assert.equal(await page.locator(".plot").count(), 7);
  const active = page.locator(".figures > div", { hasText: "Active conversations" }).first();
  assert.match((await active.locator(".value").textContent()) ?? "", /^[\d,]+$/);
  await page.locator("#topics-covered-open").click();
  await page.getByRole("table", { name: "Topics as they are covered now" }).waitFor();
  await press(page, "Refresh now");
  await page.waitForFunction(() => !document.querySelector("main[aria-busy]"));
  assert.equal(await page.getByRole("table").isVisible(), true, "what was open stays open");
  await picture(page, "desk-overview");
  await close();
});

void test("a server that cannot be reached is told, what was read stays, and the next refresh clears it", async () => {
  const { page, close } = await enterDesk(DESKTOP);
  await page.route("**/api/admin/**", (route) => route.abort());
  await press(page, "Refresh now");
  await page.getByText("Could not refresh: what you see is as of").waitFor();
  assert.equal(await page.locator(".plot").count(), 7);
  await page.unroute("**/api/admin/**");
  await press(page, "Refresh now");
  await page.waitForFunction(() => document.querySelector(".problem-note")?.textContent === "");
  await close("ERR_FAILED");
});

void test("the figures are read again every half minute", async () => {
  const { page, close } = await openDesk(DESKTOP);
  await page.clock.install();
  await signIn(page);
  const [next] = await Promise.all([
    page.waitForRequest((request) => request.url().includes("/api/admin/pool/history")),
    page.clock.runFor(30_000),
  ]);
  assert.equal(next.method(), "GET");
  await close();
});

void test("a session that the server ends leads back to signing in and says why", async () => {
  const { page, close } = await enterDesk(DESKTOP);
  await page.evaluate(() => {
    for (const key of Object.keys(sessionStorage)) sessionStorage.setItem(key, "not.a.token");
  });
  await page.reload();
  await page.getByText("Your session has ended").waitFor();
  assert.equal(await page.evaluate(() => document.activeElement?.id), "password");
  await signIn(page);
  await close("401");
});

void test("conversations are written on demand, read, and deleted after a question", async () => {
  const { page, close } = await enterDesk(DESKTOP);
  await go(page, "Conversations");
  await page.getByLabel("How many conversations").fill("3");
  await press(page, "Generate now");
  await page.getByText("All 3 conversations are written.").waitFor({ timeout: 60_000 });
  const first = page.locator("th a").first();
  const topic = (await first.textContent()) ?? "";
  await first.click();
  await page.getByRole("heading", { level: 2, name: topic }).waitFor();
  assert.ok((await page.locator(".script li").count()) > 2);
  const address = page.url();
  await press(page, "Delete this conversation");
  assert.equal(await focused(page), "No, leave it");
  await page.keyboard.press("Escape");
  assert.equal(await page.evaluate(() => document.activeElement?.id), "remove-conversation");
  await page.keyboard.press("Enter");
  await picture(page, "desk-conversation");
  await press(page, "Yes, delete it");
  await page.getByRole("table", { name: "In the pool" }).waitFor();
  await page.goto(address);
  await page.locator(".failed", { hasText: "It is not there any more" }).waitFor();
  await close("404");
});

void test("a topic is added, taken out of use and into it again, and a file of topics is imported", async () => {
  const { page, close } = await enterDesk(DESKTOP);
  const text = unique("<b>snow globes</b> ");
  await go(page, "Topics");
  await page.getByLabel("A topic to add").fill(text);
  await page.keyboard.press("Enter");
  await page.getByText(`“${text}” was added.`).waitFor();
  const row = page.getByRole("row", { name: text });
  await row.getByRole("button", { name: "Disable" }).click();
  await row.getByText("out of use").waitFor();
  assert.equal(await focused(page), "Enable");
  await page.keyboard.press("Enter");
  await row.getByText("in use", { exact: true }).waitFor();
  const file = (content: string) => ({
    name: "topics.json",
    mimeType: "application/json",
    buffer: Buffer.from(content),
  });
  await page.getByLabel("A file of topics").setInputFiles(file(JSON.stringify([unique("kites"), text])));
  await press(page, "Import file");
  await page.getByText("1 topics were added, 1 were known.").waitFor();
  await page.getByLabel("A file of topics").setInputFiles(file("no list"));
  await press(page, "Import file");
  await page.getByText("That file is neither JSON nor a feed.").waitFor();
  await close();
});

void test("a person is found by name, and their tokens are revoked after a question", async () => {
  const name = unique("Zora");
  const { token } = await createGuest(baseUrl, name);
  const { page, close } = await enterDesk(DESKTOP);
  await go(page, "People");
  await page.getByLabel("Words of a name").fill(name);
  await page.keyboard.press("Enter");
  await page.waitForFunction(() => document.querySelectorAll("#people-list tbody tr").length === 1);
  await page.getByRole("link", { name }).click();
  await press(page, "Revoke all tokens");
  await press(page, "Yes, revoke them");
  await page.getByText("All tokens of this person are refused").waitFor();
  const { status } = await fetch(`${baseUrl}/api/me`, { headers: { authorization: `Bearer ${token}` } });
  assert.equal(status, 401);
  await page.getByRole("link", { name: "All people" }).click();
  await page.getByLabel("Words of a name").fill("nobodyiscalledthis");
  await page.keyboard.press("Enter");
  await page.getByText("Nobody has such a name.").waitFor();
  await close();
});

void test("a room that is on and an error that a page reports are shown", async () => {
  const code = unique("Oops");
  const viewer = await visit(DESKTOP);
  const report = { source: "page", version: "9.9.9", reports: [{ kind: "uncaught", code }] };
  const { status } = await fetch(`${baseUrl}/api/client-errors`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify(report),
  });
  assert.ok(status < 300, `reporting is answered by ${status}`);
  const { page, close } = await enterDesk(DESKTOP);
  await go(page, "Rooms");
  const rooms = page.getByRole("table", { name: "Live rooms" });
  await rooms.getByRole("cell", { name: "chatroom" }).first().waitFor();
  assert.deepEqual(await findViolations(page), [], "on Rooms");
  await go(page, "Errors");
  const row = page.getByRole("table", { name: "Of pages and SDKs" }).getByRole("row", { name: code });
  assert.match((await row.textContent()) ?? "", /uncaught.*page.*9\.9\.9.*1/);
  assert.deepEqual(await findViolations(page), [], "on Errors");
  await Promise.all([close(), viewer.close()]);
});

for (const colorScheme of ["light", "dark"] as const) {
  for (const [size, options, width] of [
    ["phone", PHONE, 360],
    ["desktop", DESKTOP, 1280],
  ] as const) {
    void test(`every panel can be reached, axe finds nothing to mend and nothing is too wide (${colorScheme}, ${size})`, async () => {
      const { page, close } = await openDesk({ ...options, viewport: { width, height: 740 }, colorScheme });
      assert.deepEqual(await findViolations(page), [], "on sign-in");
      await signIn(page);
      for (const panel of PANELS) {
        await go(page, panel);
        assert.equal(await page.locator(".failed, .problem-note:not(:empty)").count(), 0, panel);
        await picture(page, `desk-${panel.toLowerCase()}-${size}-${colorScheme}`);
        assert.deepEqual(await findViolations(page), [], `on ${panel}`);
        const taken = await page.evaluate(() => document.documentElement.scrollWidth);
        assert.ok(taken <= width, `${panel} is ${taken} pixels wide`);
      }
      await close();
    });
  }
}
