/** The parts of the page that tests look for, and what one does there. */
import type { Locator, Page } from "playwright-core";

const LINE_WITHIN_MS = 30_000;

export const place = (page: Page, name: string): Locator => page.locator(".place", { hasText: name });
export const cards = (page: Page): Locator => page.locator(".chatling");
export const toast = (page: Page, text: string): Locator =>
  page.locator(".screens > .toast", { hasText: text });
export const lines = (page: Page): Locator => page.locator(".line[data-line]");
export const lastLine = (page: Page): Locator => lines(page).last();
export const press = (page: Page, name: string): Promise<void> =>
  page.getByRole("button", { name, exact: true }).click();

/** Words of what has the focus; of a whole page it is nothing. */
export const focused = (page: Page): Promise<string> =>
  page.evaluate(() => {
    const on = document.activeElement;
    return on === document.body ? "" : (on?.textContent?.trim() ?? "");
  });

/** Waits for the line after the last one shown, and answers its conversation and order. */
export async function nextLine(page: Page): Promise<string> {
  const shown = (await lines(page).count()) === 0 ? null : await lastLine(page).getAttribute("data-line");
  await page.waitForFunction(
    (before) => {
      const last = [...document.querySelectorAll<HTMLElement>(".line[data-line]")].at(-1);
      return last !== undefined && last.dataset["line"] !== before;
    },
    shown,
    { timeout: LINE_WITHIN_MS },
  );
  return (await lastLine(page).getAttribute("data-line")) ?? "";
}

export async function openCollection(page: Page): Promise<void> {
  await place(page, "My chatlings").click();
  await cards(page).first().waitFor();
}

/** How many pixels the page, or the screen shown on it, is wider than its window. */
export const overflow = (page: Page): Promise<number> =>
  page.evaluate(() => {
    const boxes = document.querySelectorAll(".screens > :not(.offstage), .screens > :not(.offstage) .page");
    const screens = [...boxes].filter((box) => !box.matches(".toast, .offstage"));
    const wider = screens.map((box) => box.scrollWidth - box.clientWidth);
    return Math.max(document.documentElement.scrollWidth - window.innerWidth, ...wider);
  });

/** The token by which the server knows who I am. */
export const tokenOf = async (page: Page): Promise<string> => {
  const kept = await page.evaluate(() => Object.values(localStorage).join(" "));
  return /[\w-]+\.[\w-]+\.[\w-]+/.exec(kept)?.[0] ?? "";
};
