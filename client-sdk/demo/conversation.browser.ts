/**
 * A conversation from its first line to the next conversation, in a real Chromium, on a server of this test's own that
 * plays faster: `SCREENSHOT_DIR` (none taken without it) and `CHROMIUM_PATH` say where. Run it with Node itself; the
 * exit status tells.
 */
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import type { Page } from "playwright-core";
import { findProblems } from "./testing/find-problems.ts";
import { hearAnnouncements, readHeard } from "./testing/hear-announcements.ts";
import { DESKTOP, PHONE } from "./testing/open-chromium.ts";
import { lines } from "./testing/page-parts.ts";
import { startParley, type OwnParley } from "./testing/start-parley.ts";
import { createTestBrowser } from "./testing/test-browser.ts";

const OVER_WITHIN_MS = 60_000;
const CAUGHT_UP = /^(\d+) lines so far, you are caught up\.$/;

const { visit, picture } = createTestBrowser(process.env);
let parley: OwnParley;

before(async () => {
  parley = await startParley({ playbackSpeed: 4 });
});
after(() => parley?.close());

/** Everything said on stage, as it is read out. */
const readSaid = (page: Page) =>
  lines(page).evaluateAll((rows) =>
    rows.map((row) => {
      const name = row.querySelector(".speaker, .bubble > .visually-hidden")?.textContent ?? "";
      return `${name.replace(/: $/, "")}: ${row.querySelector(".words")?.textContent}`;
    }),
  );

/** Comes to a conversation that is on; answers whether it was told in a sentence what was said before. */
async function comeLate(): Promise<boolean> {
  const { page, close } = await visit(DESKTOP, { baseUrl: parley.url, prepare: hearAnnouncements });
  const shown = await lines(page).count();
  await lines(page)
    .nth(shown + 2)
    .waitFor();
  const heard = await readHeard(page);
  const said = await readSaid(page);
  await close();
  const caughtUpWith = Number(CAUGHT_UP.exec(heard[0] ?? "")?.[1]);
  const read = heard.filter((words) => said.includes(words));
  assert.ok(read.length > 0, "new lines are read out");
  assert.deepEqual(read, [...new Set(read)], "no line is read out twice");
  const again = said.slice(0, caughtUpWith || 0).filter((words) => heard.includes(words));
  assert.deepEqual(again, [], "what was told in a sentence is not read out line by line");
  return caughtUpWith > 1;
}

void test("who comes late hears in one sentence that there was more; after that each line is read out at most once", async () => {
  const early = await visit(PHONE, { baseUrl: parley.url });
  await lines(early.page).nth(3).waitFor();
  let isTold = false;
  // A line that comes in the same moment takes the sentence's place.
  for (let comers = 0; comers < 4 && !isTold; comers++) isTold = await comeLate();
  assert.ok(isTold);
  await early.close();
});

void test("a conversation that is over tells what comes next, and the next one follows by itself", async () => {
  const { page, close } = await visit(
    { ...PHONE, reducedMotion: "reduce" },
    { baseUrl: parley.url, prepare: hearAnnouncements },
  );
  const over = await page.locator(".topic").textContent();
  await page.locator(".next-card").waitFor({ timeout: OVER_WITHIN_MS });
  assert.match((await page.locator(".next-card").textContent()) ?? "", /Up next (in \d s|any moment)./);
  const next = (await page.locator(".next-topic").textContent()) ?? "";
  await picture(page, "intermission-phone");
  await page.locator(".divider", { hasText: next }).waitFor();
  await page.locator(".topic", { hasText: next }).waitFor();
  assert.notEqual(over, next);
  await page.locator(".next-card").waitFor({ state: "hidden" });
  await page.waitForFunction((said) => globalThis.heard.includes(said), `New conversation: ${next}`);
  // What was said stays to read back; reacting to it is over.
  assert.equal(await page.locator(".line.past .react:enabled").count(), 0);
  assert.deepEqual(await findProblems(page), []);
  await close();
});

void test("nothing is to mend while one waits for the next conversation", async () => {
  const { page, close } = await visit({ ...PHONE, reducedMotion: "reduce" }, { baseUrl: parley.url });
  await page.locator(".next-card").waitFor({ timeout: OVER_WITHIN_MS });
  // Without the server the moment lasts.
  await page.context().setOffline(true);
  await page.locator('.banner[data-state="away"]').waitFor();
  assert.deepEqual(await findProblems(page), []);
  assert.equal(await page.locator(".next-card").isVisible(), true);
  await close("ERR_INTERNET_DISCONNECTED");
});
