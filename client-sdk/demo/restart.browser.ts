/**
 * A server that goes and comes back while somebody watches, in a real Chromium: the server is this test's own.
 * `SCREENSHOT_DIR` (none taken without it) and `CHROMIUM_PATH` say where. Run it with Node itself; the exit status
 * tells.
 */
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import type { Page } from "playwright-core";
import { findViolations } from "./testing/find-problems.ts";
import { noteLines } from "./testing/note-lines.ts";
import { PHONE } from "./testing/open-chromium.ts";
import { nextLine, tokenOf } from "./testing/page-parts.ts";
import { startParley, type OwnParley } from "./testing/start-parley.ts";
import { createTestBrowser } from "./testing/test-browser.ts";

const BACK_WITHIN_MS = 30_000;
/** What the browser notes in its console of a server that is not there. */
const UNREACHABLE = ["ERR_CONNECTION_REFUSED", "ERR_CONNECTION_RESET", "ERR_EMPTY_RESPONSE"];

const { visit, picture } = createTestBrowser(process.env);
let parley: OwnParley;

before(async () => {
  parley = await startParley({ playbackSpeed: 4 });
});
after(() => parley?.close());

/** Who the server takes the page's visitor for, with the chatlings that are theirs. */
async function readSelf(page: Page): Promise<{ id: string; chatlings: string[] }> {
  const read = async <T>(path: string): Promise<T> => {
    const authorization = `Bearer ${await tokenOf(page)}`;
    return (await fetch(parley.url + path, { headers: { authorization } })).json() as Promise<T>;
  };
  const { id } = await read<{ id: string }>("/api/me");
  const { items } = await read<{ items: { id: string }[] }>("/api/me/chatlings");
  return { id, chatlings: items.map((chatling) => chatling.id) };
}

for (const [how, signal] of [
  ["says goodbye", "SIGTERM"],
  ["dies without a word", "SIGKILL"],
] as const) {
  void test(`a server that ${how} and comes back: said while it is away, then the same person watches on`, async () => {
    const visitor = await visit(PHONE, { baseUrl: parley.url });
    const { page } = visitor;
    const banner = page.locator(".banner");
    await nextLine(page);
    const before = { token: await tokenOf(page), ...(await readSelf(page)) };
    const readLines = await noteLines(page);

    await parley.end(signal);
    await page.locator('.banner[data-state="away"]').waitFor();
    assert.equal(await banner.textContent(), "Connection lost. Coming back by itself…");
    assert.deepEqual(await findViolations(page), [], "while away");
    await page.locator(".cast .star").first().click();
    await page.getByText("Not connected right now. Try again in a moment.").waitFor();
    assert.equal(await page.locator(".cast .star").first().getAttribute("aria-pressed"), "false");
    assert.equal(await page.locator(".typing").isVisible(), false);
    await picture(page, `restart-${signal}-away-phone`);
    const shown = (await readLines()).length;

    await parley.startAgain();
    await banner.waitFor({ state: "hidden", timeout: BACK_WITHIN_MS });
    while ((await readLines()).length < shown + 2) await nextLine(page);
    assert.equal(await banner.isVisible(), false);
    assert.equal(await page.locator(".failure").count(), 0);
    assert.deepEqual({ token: await tokenOf(page), ...(await readSelf(page)) }, before);
    const seen = await readLines();
    assert.deepEqual(seen, [...new Set(seen)], "no line is shown twice");
    await picture(page, `restart-${signal}-back-phone`);
    await visitor.close(...UNREACHABLE);
  });
}
