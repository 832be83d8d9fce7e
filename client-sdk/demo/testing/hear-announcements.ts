import type { BrowserContext, Page } from "playwright-core";

declare global {
  var heard: string[];
}

/** Notes what a screen reader would say of the conversation, in every page that this context opens from now on. */
export async function hearAnnouncements(context: BrowserContext): Promise<void> {
  await context.addInitScript(() => {
    globalThis.heard = [];
    new MutationObserver((mutations) => {
      for (const { target } of mutations) {
        const region = target instanceof Element ? target.closest(".chatroom > [aria-live]") : null;
        if (region) globalThis.heard.push(region.textContent);
      }
    }).observe(document, { subtree: true, childList: true });
  });
}

/** All that has been said so far. */
export const readHeard = (page: Page): Promise<string[]> => page.evaluate(() => globalThis.heard);
