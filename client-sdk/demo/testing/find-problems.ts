import axe from "axe-core";
import type { Page } from "playwright-core";
import { overflow } from "./page-parts.ts";

/** axe's rules about colors, of those that are on by themselves. */
const COLORS = ["color-contrast", "link-in-text-block"];
const SMALL_PHONE = { width: 320, height: 568 };

/** What axe-core has to say about the page as it stands, by all its rules or by those named. */
export async function findViolations(page: Page, rules?: readonly string[]): Promise<string[]> {
  if (!(await page.evaluate(() => "axe" in globalThis))) await page.evaluate(axe.source);
  const { violations } = await page.evaluate(
    (rules) =>
      (globalThis as unknown as { axe: typeof axe }).axe.run(document, {
        resultTypes: ["violations"],
        ...(rules && { runOnly: { type: "rule", values: [...rules] } }),
      }),
    rules,
  );
  return violations.flatMap(({ id, nodes }) => nodes.map((node) => `${id}: ${node.html}`));
}

/** What is wrong with the page as it stands, light and dark, read out, and on the smallest of phones. */
export async function findProblems(page: Page): Promise<string[]> {
  const problems = await findNameless(page);
  await page.emulateMedia({ colorScheme: "light" });
  problems.push(...(await findViolations(page)));
  // The dark page is the same in other colors.
  await page.emulateMedia({ colorScheme: "dark" });
  problems.push(...(await findViolations(page, COLORS)).map((violation) => `dark: ${violation}`));
  await page.emulateMedia({ colorScheme: null });
  const size = page.viewportSize();
  await page.setViewportSize(SMALL_PHONE);
  const pixels = await overflow(page);
  if (pixels > 0) problems.push(`${pixels} pixels wider than a small phone`);
  if (size) await page.setViewportSize(size);
  return problems;
}

/** Roles of what can take the focus and has no name in the accessibility tree. */
async function findNameless(page: Page): Promise<string[]> {
  // Not detached afterwards: that would take a virtual authenticator off the page too.
  const devtools = await page.context().newCDPSession(page);
  const { nodes } = await devtools.send("Accessibility.getFullAXTree");
  const nameless = nodes.filter(
    ({ ignored, name, properties }) =>
      !ignored && !name?.value && properties?.some((each) => each.name === "focusable" && each.value.value),
  );
  return nameless.map(({ role }) => `nameless: ${String(role?.value)}`);
}
