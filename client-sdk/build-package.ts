/**
 * Writes the npm package `@parley/client` into a folder, for `npm pack`: `node client-sdk/build-package.ts [folder]`
 * (`dist/client` when not given). Prints the sizes and fails above the limit.
 */
import { cp, mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { join, relative, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { bundleCode, LARGEST_INDEX_BYTES } from "./package/bundle-code.ts";
import { declareTypes } from "./package/declare-types.ts";
import { ENTRIES } from "./package/entries.ts";
import { readNotices } from "./package/read-notices.ts";
import { toManifest, type RepositoryManifest } from "./package/to-manifest.ts";
import { toPackageReadme } from "./package/to-package-readme.ts";

const root = fileURLToPath(new URL("..", import.meta.url));
const sdk = join(root, "client-sdk");
const target = resolve(process.argv[2] ?? join(root, "dist/client"));

await rm(target, { recursive: true, force: true });
await mkdir(target, { recursive: true });

const { gzippedBytes, packages } = await bundleCode(root, ENTRIES, target);
for (const [entry, text] of declareTypes(root, ENTRIES)) {
  await writeFile(join(target, `${entry}.d.ts`), text);
}
const repository = JSON.parse(await readFile(join(root, "package.json"), "utf8")) as RepositoryManifest;
await writeFile(join(target, "package.json"), `${JSON.stringify(toManifest(repository), null, 2)}\n`);
const readme = await readFile(join(sdk, "README.md"), "utf8");
await writeFile(join(target, "README.md"), toPackageReadme(readme));
await writeFile(join(target, "THIRD-PARTY-NOTICES.md"), await readNotices(root, packages));
await cp(join(root, "LICENSE"), join(target, "LICENSE"));
await cp(join(sdk, "API.md"), join(target, "API.md"));
await cp(join(sdk, "examples"), join(target, "examples"), { recursive: true });

for (const [name, bytes] of gzippedBytes) console.log(`${name}  gzip ${kib(bytes)}`);
console.log(`${relative(process.cwd(), target) || "."}: bundled in are ${packages.join(", ")}`);
const indexBytes = gzippedBytes.get("index.js") ?? Number.POSITIVE_INFINITY;
if (indexBytes > LARGEST_INDEX_BYTES) {
  console.error(`index.js has grown too large: at most gzip ${kib(LARGEST_INDEX_BYTES)}`);
  process.exitCode = 1;
}

function kib(bytes: number): string {
  return `${(bytes / 1024).toFixed(1)} KiB`;
}
