/**
 * What the operator's desk says about money, in a real Chromium, against a running server: `BASE_URL`,
 * `ADMIN_PASSWORD` (that server's), `SCREENSHOT_DIR` (none taken without it) and `CHROMIUM_PATH` say where. Run it with
 * Node itself; the exit status tells.
 */
import assert from "node:assert/strict";
import { test } from "node:test";
import type { Page } from "playwright-core";
import type { UsageReport } from "#schema/usage.ts";
import { findViolations } from "../demo/testing/find-problems.ts";
import { DESKTOP, PHONE } from "../demo/testing/open-chromium.ts";
import { focused, press } from "../demo/testing/page-parts.ts";
import { createTestBrowser } from "../demo/testing/test-browser.ts";
import { createDeskVisits, createGuest, go, isDrawn } from "./testing/enter-desk.ts";
import { sampleExperiment, sampleServerUsage } from "./testing/sample-spending.ts";

const browser = createTestBrowser(process.env);
const { baseUrl, picture } = browser;
const { enterDesk } = createDeskVisits(browser, process.env["ADMIN_PASSWORD"]);

/** A server that has spent something and tries something, which no test can make a real one do. */
async function pretendSpending(page: Page): Promise<void> {
  const experiment = sampleExperiment();
  const usage = sampleServerUsage();
  await page.route("**/api/admin/usage*", (route) => {
    const month = new URL(route.request().url()).searchParams.get("month") ?? usage.month;
    return route.fulfill({ json: { ...usage, month } });
  });
  await page.route("**/api/admin/experiments", (route) => route.fulfill({ json: { items: [experiment] } }));
  await page.route(`**/api/admin/experiments/${experiment.id}`, (route) =>
    route.fulfill({ json: experiment }),
  );
}

const figure = (page: Page, label: string) =>
  page.locator(".figures > div", { hasText: label }).locator(".value");

void test("without any model the panel says so, and the server's own budget is there to be set", async () => {
  const { page, close } = await enterDesk(DESKTOP);
  await go(page, "Models");
  await page.getByText("Without a provider's key everything is written offline").waitFor();
  assert.equal(await page.locator(".plot:visible, table:visible").count(), 0);
  await page.getByText("No experiment is on.").waitFor();
  await page.getByLabel("Monthly limit").fill("12.5");
  await page.keyboard.press("Enter");
  await page.getByText("The budget is saved.").waitFor();
  await page.getByText("Of $12.50 a month, a limit of its own.").waitFor();
  await page.getByLabel("Monthly limit").fill("");
  await press(page, "Save budget");
  await page.getByText("as usual for such accounts.").waitFor();
  await close();
});

void test("a month is shown by day, provider, model and task, and the one before is a step away", async () => {
  const { page, close } = await enterDesk(DESKTOP);
  await page.clock.setFixedTime(Date.UTC(2026, 10, 4, 12));
  await pretendSpending(page);
  await go(page, "Models");
  assert.equal(await figure(page, "Spent").first().textContent(), "$13.20");
  assert.equal(await figure(page, "Cache hits").textContent(), "59.5 %");
  const plot = page.getByRole("img", { name: "Spent" });
  const told = await page.locator(`#${await plot.getAttribute("aria-describedby")}`).textContent();
  assert.equal(told, "Latest $2.2; lowest $0, highest $6.9 since Nov 1.");
  const models = page.getByRole("table", { name: "By model" });
  assert.match(
    (await models.getByRole("row").nth(1).textContent()) ?? "",
    /^anthropic: quality-model\$12\.48402/,
  );
  const row = page
    .getByRole("table", { name: "Experiment: pooled-or-unique" })
    .getByRole("row", { name: "Cost of a task" });
  assert.match((await row.textContent()) ?? "", /−\$0\.002 .*told apart$/);
  await page.getByRole("link", { name: "October 2026" }).click();
  await page.getByRole("heading", { level: 2, name: "October 2026" }).waitFor();
  await isDrawn(page);
  assert.equal(await page.getByText("The server's own jobs").count(), 0, "limits are those of now");
  await page.getByRole("link", { name: "November 2026" }).click();
  await page.getByText("The server's own jobs").waitFor();
  assert.equal(new URL(page.url()).hash, "#/models");
  await close();
});

void test("what a person may spend is set, what is being written stays, and models are stopped and allowed again", async () => {
  const { id, token } = await createGuest(baseUrl, "Zora");
  const readOwn = async () => {
    const answer = await fetch(`${baseUrl}/api/usage`, { headers: { authorization: `Bearer ${token}` } });
    return (await answer.json()) as UsageReport;
  };
  const { page, close } = await enterDesk(DESKTOP);
  await page.goto(`${baseUrl}/admin#/people/${id}`);
  const limit = page.getByLabel("Monthly limit");
  await limit.fill("3");
  await page.getByLabel("Paid in").fill("20");
  await press(page, "Refresh now");
  await isDrawn(page);
  assert.equal(await limit.inputValue(), "3");
  await limit.press("Enter");
  await page.getByText("Of $3.00 a month, a limit of its own.").waitFor();
  assert.deepEqual([(await readOwn()).limitUsd, (await readOwn()).prepaidUsd], [3, 20]);

  await press(page, "Suspend");
  assert.equal(await focused(page), "No, leave it");
  await picture(page, "desk-budget");
  await press(page, "Yes, suspend it");
  await page.getByRole("button", { name: "Lift the suspension" }).waitFor();
  assert.equal((await readOwn()).status, "suspended");
  assert.equal(await focused(page), "Lift the suspension");
  await page.keyboard.press("Enter");
  await press(page, "Yes, lift it");
  await page.getByRole("button", { name: "Suspend", exact: true }).waitFor();
  assert.equal((await readOwn()).status, "active");
  await close();
});

for (const colorScheme of ["light", "dark"] as const) {
  for (const [size, options, width] of [
    ["phone", PHONE, 360],
    ["desktop", DESKTOP, 1280],
  ] as const) {
    void test(`axe finds nothing to mend where there is much to show, and nothing is too wide (${colorScheme}, ${size})`, async () => {
      const { id } = await createGuest(baseUrl, "Zora");
      const { page, close } = await enterDesk({ ...options, viewport: { width, height: 740 }, colorScheme });
      const inspect = async (name: string) => {
        await picture(page, `desk-${name}-${size}-${colorScheme}`);
        assert.deepEqual(await findViolations(page), [], name);
        const taken = await page.evaluate(() => document.documentElement.scrollWidth);
        assert.ok(taken <= width, `${name} is ${taken} pixels wide`);
      };
      await page.clock.setFixedTime(Date.UTC(2026, 10, 4, 12));
      await pretendSpending(page);
      await go(page, "Models");
      await inspect("models-full");
      await page.goto(`${baseUrl}/admin#/people/${id}`);
      await page.getByLabel("Monthly limit").waitFor();
      await inspect("person");
      await close();
    });
  }
}
