import { mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { basename, extname } from "node:path";
import { fileURLToPath } from "node:url";
import { brotliCompressSync, gzipSync } from "node:zlib";
import { build, type Metafile } from "esbuild";

/** The most that a first visit may load, gzipped. */
const LARGEST_FIRST_LOAD_BYTES = 120 * 1024;

const folder = (path: string) => fileURLToPath(new URL(path, import.meta.url));
const target = folder("./demo/dist/");

await rm(target, { recursive: true, force: true });
await mkdir(target, { recursive: true });

const firstLoadBytes = await buildPage("index.html", "./demo/index.html", {
  app: "./demo/main.ts",
  style: "./demo/styles.css",
  icon: "./demo/icon.svg",
});
// The operator's desk, served at `/admin`, is no part of a visit.
await buildPage("admin.html", "./desk/index.html", {
  admin: "./desk/main.ts",
  "admin-style": "./desk/desk.css",
  icon: "./demo/icon.svg",
});
console.log(`first load: gzip ${kib(firstLoadBytes)} of at most ${kib(LARGEST_FIRST_LOAD_BYTES)}`);
if (firstLoadBytes > LARGEST_FIRST_LOAD_BYTES) {
  console.error("The page has grown too large.");
  process.exitCode = 1;
}

/** Bundles a page and what it loads; answers the bytes of all of it, gzipped. */
async function buildPage(name: string, page: string, entries: Record<string, string>): Promise<number> {
  const { metafile } = await build({
    entryPoints: Object.fromEntries(Object.entries(entries).map(([name, path]) => [name, folder(path)])),
    outdir: target,
    entryNames: "[name]-[hash]",
    loader: { ".svg": "copy" },
    bundle: true,
    minify: true,
    format: "esm",
    target: ["chrome123", "firefox120", "safari17.5"],
    // The page's security policy forbids eval, which the usual build of msgpackr tries after some messages.
    alias: { msgpackr: "msgpackr/index-no-eval" },
    legalComments: "none",
    metafile: true,
    absWorkingDir: target,
    logLevel: "warning",
  });
  const html = (await readFile(folder(page), "utf8"))
    .replace("%SCRIPT%", `/${outputOf(metafile, ".js")}`)
    .replace("%STYLE%", `/${outputOf(metafile, ".css")}`)
    .replace("%ICON%", `/${outputOf(metafile, ".svg")}`);
  await writeFile(target + name, html);
  let bytes = 0;
  for (const file of [name, ...Object.keys(metafile.outputs)]) bytes += await compress(file);
  return bytes;
}

/** Compresses a file once here, so that the server need not do it for every visitor; answers its gzipped bytes. */
async function compress(name: string): Promise<number> {
  const bytes = await readFile(target + name);
  const gzipped = gzipSync(bytes, { level: 9 });
  console.log(`${name}  ${kib(bytes.length)}, gzip ${kib(gzipped.length)}`);
  await writeFile(`${target}${name}.gz`, gzipped);
  await writeFile(`${target}${name}.br`, brotliCompressSync(bytes));
  return gzipped.length;
}

function outputOf({ outputs }: Metafile, extension: string): string {
  const name = Object.keys(outputs).find((path) => extname(path) === extension);
  if (name === undefined) throw new Error(`the bundle has no ${extension} file`);
  return basename(name);
}

function kib(bytes: number): string {
  return `${(bytes / 1024).toFixed(1)} KiB`;
}
