import { execFile } from "node:child_process";
import { mkdir, mkdtemp, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";

const REPOSITORY = fileURLToPath(new URL("../..", import.meta.url));
const RUN_WITHIN_MS = 60_000;
const run = promisify(execFile);

/** The package as somebody has it who installed the tarball into an empty project, without any network. */
export interface InstalledPackage {
  /** The project's folder. */
  readonly project: string;
  /** What was packed. */
  readonly built: string;
  readonly tarball: string;
  /** Paths inside the tarball. */
  readonly packed: readonly string[];
  /** What the build printed. */
  readonly report: string;
  /** Copies one of the examples into the project, with `url` as its server; resolves with its path. */
  example(name: string, url: string): Promise<string>;
  remove(): Promise<void>;
}

/** Builds, packs and installs the package with npm. */
export async function installPackage(): Promise<InstalledPackage> {
  const folder = await mkdtemp(join(tmpdir(), "parley-package-"));
  const [built, project] = [join(folder, "built"), join(folder, "project")];
  const { stdout: report } = await call(process.execPath, ["client-sdk/build-package.ts", built], REPOSITORY);
  const { stdout } = await call("npm", ["pack", built, "--json", "--pack-destination", folder], folder);
  const [pack] = Object.values(
    JSON.parse(stdout) as Record<string, { filename: string; files: { path: string }[] }>,
  );
  if (!pack) throw new Error("npm packed nothing");
  const tarball = join(folder, pack.filename);
  await mkdir(project);
  await writeFile(join(project, "package.json"), '{ "private": true, "type": "module" }');
  await call("npm", ["install", tarball, "--offline", "--ignore-scripts", "--no-audit"], project);
  return {
    project,
    built,
    tarball,
    packed: pack.files.map(({ path }) => path),
    report,
    async example(name, url) {
      const source = join(project, "node_modules/@parley/client/examples", name);
      const text = await readFile(source, "utf8");
      await writeFile(join(project, name), text.replaceAll("http://localhost:2567", url));
      return join(project, name);
    },
    remove: () => rm(folder, { recursive: true, force: true }),
  };
}

/** Puts packages of this repository beside the SDK, for a project that has them installed. */
export async function lendPackages(project: string, names: readonly string[]): Promise<void> {
  for (const name of names) {
    const place = join(project, "node_modules", name);
    await mkdir(dirname(place), { recursive: true });
    await symlink(join(REPOSITORY, "node_modules", name), place, "junction");
  }
}

function call(command: string, args: string[], cwd: string) {
  return run(command, args, { cwd, timeout: RUN_WITHIN_MS });
}
