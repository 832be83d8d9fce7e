import type { Page } from "playwright-core";

/** Notes the lines on the page and each that comes from now on; what it answers reads them. */
export async function noteLines(page: Page): Promise<() => Promise<string[]>> {
  const noted = await page.evaluateHandle(() => {
    const keys = (nodes: Iterable<Node>) =>
      [...nodes].flatMap((node) => (node instanceof HTMLElement ? (node.dataset["line"] ?? []) : []));
    const log = document.querySelector(".log") ?? document.body;
    const all = keys(log.children);
    new MutationObserver((mutations) => {
      for (const { addedNodes } of mutations) all.push(...keys(addedNodes));
    }).observe(log, { childList: true });
    return all;
  });
  return () => noted.jsonValue();
}
