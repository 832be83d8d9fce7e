import assert from "node:assert/strict";
import { before } from "node:test";
import type { BrowserContextOptions, Page } from "playwright-core";
import type { Visit } from "../../demo/testing/open-chromium.ts";
import { press } from "../../demo/testing/page-parts.ts";
import type { TestBrowser } from "../../demo/testing/test-browser.ts";

/** Ways into the desk, for whoever knows the operator's password. */
export interface DeskVisits {
  /** The desk before signing in. */
  readonly openDesk: (options: BrowserContextOptions) => Promise<Visit>;
  readonly signIn: (page: Page) => Promise<void>;
  readonly enterDesk: (options: BrowserContextOptions) => Promise<Visit>;
}

export function createDeskVisits({ open }: Pick<TestBrowser, "open">, password = ""): DeskVisits {
  before(() => assert.notEqual(password, "", "ADMIN_PASSWORD must be the server's"));

  async function openDesk(options: BrowserContextOptions): Promise<Visit> {
    const desk = await open("/admin", options);
    await desk.page.getByLabel("Operator's password").waitFor();
    return desk;
  }

  async function signIn(page: Page): Promise<void> {
    await page.getByLabel("Operator's password").fill(password);
    await press(page, "Sign in");
    await page.locator(".plot").first().waitFor();
  }

  return {
    openDesk,
    signIn,
    async enterDesk(options) {
      const desk = await openDesk(options);
      await signIn(desk.page);
      return desk;
    },
  };
}

/** Goes to a panel and waits until it is drawn. */
export async function go(page: Page, panel: string): Promise<void> {
  await page
    .getByRole("navigation", { name: "Subjects" })
    .getByRole("link", { name: panel, exact: true })
    .click();
  await page.locator("h1:visible", { hasText: panel }).waitFor();
  await isDrawn(page);
}

/** Waits until the shown panel has read what it shows. */
export const isDrawn = async (page: Page): Promise<void> => {
  await page.waitForFunction(() => !document.querySelector("main[aria-busy]"));
};

/** Becomes somebody new whom the desk can find by name. */
export async function createGuest(baseUrl: string, name: string): Promise<{ id: string; token: string }> {
  const answer = await fetch(`${baseUrl}/api/auth/guest`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ name }),
  });
  const { token, user } = (await answer.json()) as { token: string; user: { id: string } };
  return { id: user.id, token };
}
