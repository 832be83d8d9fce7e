import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { build, type Metafile, type Plugin } from "esbuild";

/** The most that `index.js` may weigh, gzipped: what a page pays for this SDK. */
export const LARGEST_INDEX_BYTES = 65 * 1024;

/** Node has had the browser's WebSocket since version 22: what Colyseus' SDK takes where there is none stays out. */
const withoutWs: Plugin = {
  name: "without-ws",
  setup(build) {
    build.onResolve({ filter: /^ws$/ }, () => ({ path: "ws", namespace: "left-out" }));
    build.onLoad({ filter: /^ws$/, namespace: "left-out" }, () => ({
      contents: "export default undefined;",
    }));
  },
};

export interface BundledCode {
  /** File name → gzipped bytes. */
  readonly gzippedBytes: ReadonlyMap<string, number>;
  /** npm packages whose code is inside, by name. */
  readonly packages: readonly string[];
}

/** Writes one ES module per entry into `outDir`, for browsers and Node alike, with nothing left to import but React. */
export async function bundleCode(
  root: string,
  entries: Readonly<Record<string, string>>,
  outDir: string,
): Promise<BundledCode> {
  const { metafile } = await build({
    entryPoints: { ...entries },
    outdir: outDir,
    bundle: true,
    minify: true,
    format: "esm",
    platform: "browser",
    plugins: [withoutWs],
    target: ["es2023", "node22"],
    external: ["react"],
    // Strict pages forbid eval, which the usual build of msgpackr tries.
    alias: { msgpackr: "msgpackr/index-no-eval" },
    legalComments: "none",
    metafile: true,
    absWorkingDir: root,
    logLevel: "warning",
  });
  refuseCopies(metafile);
  const gzippedBytes = new Map<string, number>();
  for (const path of Object.keys(metafile.outputs)) {
    const code = await readFile(join(root, path));
    gzippedBytes.set(path.slice(path.lastIndexOf("/") + 1), gzipSync(code, { level: 9 }).length);
  }
  const inside = Object.values(metafile.outputs).flatMap(({ inputs }) =>
    Object.entries(inputs).flatMap(([path, { bytesInOutput }]) => (bytesInOutput > 0 ? packageOf(path) : [])),
  );
  return { gzippedBytes, packages: [...new Set(inside)].sort() };
}

/** Code of ours in two entries would make, say, two error classes of one name. */
function refuseCopies({ outputs }: Metafile): void {
  const seen = new Set<string>();
  for (const { inputs } of Object.values(outputs)) {
    for (const [path, { bytesInOutput }] of Object.entries(inputs)) {
      if (bytesInOutput > 0 && seen.has(path)) throw new Error(`${path} would be in the package twice`);
      if (bytesInOutput > 0) seen.add(path);
    }
  }
}

function packageOf(path: string): string[] {
  const name = /.*node_modules\/((?:@[^/]+\/)?[^/]+)\//.exec(path)?.[1];
  return name === undefined ? [] : [name];
}
