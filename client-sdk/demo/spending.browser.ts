/**
 * What AI costs me, on the screen called You of a running server's page, in a real Chromium: `BASE_URL`,
 * `SCREENSHOT_DIR` (none taken without it) and `CHROMIUM_PATH` say where. Run it with Node itself; the exit status
 * tells.
 */
import assert from "node:assert/strict";
import { test } from "node:test";
import type { Page } from "playwright-core";
import type { UsageReport } from "#schema/usage.ts";
import { findProblems } from "./testing/find-problems.ts";
import { DESKTOP, PHONE } from "./testing/open-chromium.ts";
import { place, press } from "./testing/page-parts.ts";
import { sampleUsage } from "./testing/sample-usage.ts";
import { createTestBrowser } from "./testing/test-browser.ts";

const { visit, picture } = createTestBrowser(process.env);

const section = (page: Page) => page.locator(".spending");

/** The screen as it is for somebody who has spent this. */
async function openYou(page: Page, usage: UsageReport): Promise<void> {
  await page.route("**/api/usage", (route) => route.fulfill({ json: usage }));
  await place(page, "Watch").click();
  await place(page, "You").click();
  await section(page).locator(".loaded:not([aria-busy]) > *").waitFor();
}

async function inspect(page: Page, name: string): Promise<void> {
  await section(page).scrollIntoViewIfNeeded();
  await picture(page, `spending-${name}`);
  assert.deepEqual(await findProblems(page), [], name);
}

void test("whoever has spent nothing is told so in one line", async () => {
  const { page, close } = await visit(PHONE);
  await place(page, "You").click();
  await section(page).getByText("Nothing so far").waitFor();
  assert.equal(await section(page).locator("[role=meter], table").count(), 0);
  await inspect(page, "nothing");
  await close();
});

for (const [size, options] of [
  ["phone", PHONE],
  ["desktop", DESKTOP],
] as const) {
  void test(`a month is told in words, as a bar and by where it went (${size})`, async () => {
    const { page, close } = await visit(options);
    await openYou(page, sampleUsage());
    const meter = page.getByRole("meter", { name: "$0.03 of $0.10 in November 2026" });
    assert.equal(await meter.getAttribute("aria-valuenow"), "34");
    const [whole, filled] = [await meter.boundingBox(), await meter.locator("div").boundingBox()];
    assert.ok(Math.abs((filled?.width ?? 0) / (whole?.width ?? 1) - 0.34) < 0.01, "drawn as it is told");
    const rows = page.getByRole("table", { name: "By provider" }).getByRole("row");
    assert.deepEqual(await rows.allTextContents(), [
      "ProviderCallsCost",
      "Anthropic12$0.03",
      "my-own-box1,204$0.0021",
    ]);
    await section(page).getByText("the month comes to $0.07").waitFor();
    await inspect(page, `month-${size}`);
    await close();
  });
}

void test("what stops somebody is said with what to do about it, and very little is said to be so", async () => {
  const { page, close } = await visit(PHONE);
  const alerts = [{ percent: 100, atMs: Date.UTC(2026, 10, 15) }];
  await openYou(page, sampleUsage({ status: "suspended", alerts, spentUsd: 0.099_9 }));
  await section(page).getByText("no AI model is asked for you until December 1").waitFor();
  await inspect(page, "used-up");
  await openYou(page, sampleUsage({ alerts, spentUsd: 0.104, spentPrepaidUsd: 0.004, prepaidUsd: 4.996 }));
  await section(page)
    .getByText("Out of what was paid in for you came less than a cent; $5.00 of it is left.")
    .waitFor();
  await openYou(
    page,
    sampleUsage({ status: "suspended", spentUsd: 0.000_2, months: [], byConversation: [] }),
  );
  await section(page).getByText("Whoever runs this server has stopped AI models for you").waitFor();
  await page.getByRole("meter", { name: "less than a cent of $0.10" }).waitFor();
  await inspect(page, "stopped");
  await close();
});

void test("a cost that cannot be read is said, and read at another try", async () => {
  const { page, close } = await visit(PHONE);
  await page.route("**/api/usage", (route) =>
    route.fulfill({ status: 503, json: { error: { code: "unavailable", message: "not now" } } }),
  );
  await place(page, "You").click();
  await section(page).getByText("This could not be loaded.").waitFor();
  await page.unroute("**/api/usage");
  await press(page, "Try again");
  await section(page).getByText("Nothing so far").waitFor();
  await close("503");
});
