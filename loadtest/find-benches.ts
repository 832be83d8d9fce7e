import { globSync } from "node:fs";
import { basename, join } from "node:path";
import { pathToFileURL } from "node:url";
import type { Bench } from "./define-bench.ts";

const ROOT = join(import.meta.dirname, "..");
const SUFFIX = ".bench.ts";

/** Every benchmark of the house, by name: `<name>.bench.ts` in any top folder; undefined where it only helps one. */
export function findBenches(): Map<string, () => Promise<Bench | undefined>> {
  const files = globSync(`{ai,client-sdk,data,loadtest,rooms,server}/**/*${SUFFIX}`, { cwd: ROOT }).sort();
  return new Map(files.map((file) => [basename(file, SUFFIX), () => load(join(ROOT, file))]));
}

async function load(path: string): Promise<Bench | undefined> {
  const { bench } = (await import(pathToFileURL(path).href)) as { bench?: Bench };
  return bench;
}
