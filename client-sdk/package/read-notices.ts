import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";

/** The licences of the packages whose code is bundled, which ask to be handed on with it. */
export async function readNotices(root: string, packages: readonly string[]): Promise<string> {
  const notices = await Promise.all(packages.map((name) => readNotice(root, name)));
  return ["Code of these packages is part of this one.", ...notices].join("\n\n");
}

async function readNotice(root: string, name: string): Promise<string> {
  const folder = join(root, "node_modules", name);
  const file = (await readdir(folder)).find((each) => /^licen[cs]e/i.test(each));
  if (file === undefined) throw new Error(`${name} has no licence file to hand on`);
  const manifest = await readFile(join(folder, "package.json"), "utf8");
  const { version } = JSON.parse(manifest) as { version: string };
  const licence = await readFile(join(folder, file), "utf8");
  return `## ${name} ${version}\n\n${licence.trim()}\n`;
}
