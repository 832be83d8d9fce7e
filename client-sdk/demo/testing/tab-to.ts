import assert from "node:assert/strict";
import type { Page } from "playwright-core";

const MOST_STOPS = 120;

/** Presses Tab until what has the focus is called so, or holds those words. */
export async function tabTo(page: Page, words: string): Promise<void> {
  for (let stops = 0; stops < MOST_STOPS; stops++) {
    await page.keyboard.press("Tab");
    const label = await page.evaluate(() => {
      const on = document.activeElement;
      // Between the last stop and the first it is the body, which holds every text.
      if (!on || on === document.body) return "";
      const labels = [...((on as HTMLInputElement).labels ?? [])].map((label) => label.textContent);
      return [on.getAttribute("aria-label"), on.textContent, ...labels].join(" ");
    });
    if (label.includes(words)) return;
  }
  assert.fail(`Tab never came to ${words}`);
}
