import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";

const { resolve } = createRequire(import.meta.url);

/** The monitor's page without the fonts it links elsewhere, so that opening it asks no other site for anything. */
export function readMonitorPage(): string {
  const folder = dirname(resolve("@colyseus/monitor"));
  const page = readFileSync(join(folder, "static", "index.html"), "utf8");
  return page.replaceAll(/<link\b[^>]*\bhref="(?:https?:)?\/\/[^>]*>/g, "");
}
