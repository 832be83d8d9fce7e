import { Session, type Profiler } from "node:inspector/promises";
import { relative } from "node:path";

/** Where a process spent its time, as shares (0–1) of the samples in which it did anything. */
export interface CpuProfile {
  /** By the function itself; a native one is named with the function that called it. */
  readonly self: readonly HotFunction[];
  /** By file of ours, or package, on whose behalf Node worked: the nearest one on the stack. */
  readonly behalf: readonly HotFunction[];
}

export interface HotFunction {
  readonly name: string;
  readonly share: number;
}

const SAMPLE_US = 200;
const SHOWN = 15;
/** Doing nothing, and the profiler at itself. */
const IGNORED = new Set(["(idle)", "(root)", "post"]);

let session: Session | undefined;

/** Samples this process' stack from now on; costs it a few per cent. */
export async function startProfile(): Promise<void> {
  session = new Session();
  session.connect();
  await session.post("Profiler.enable");
  await session.post("Profiler.setSamplingInterval", { interval: SAMPLE_US });
  await session.post("Profiler.start");
}

/** What was sampled since `startProfile`. */
export async function stopProfile(): Promise<CpuProfile> {
  if (!session) throw new Error("no profile was started");
  const { profile } = await session.post("Profiler.stop");
  session.disconnect();
  session = undefined;
  return toCpuProfile(profile);
}

function toCpuProfile({ nodes, samples = [], timeDeltas = [] }: Profiler.Profile): CpuProfile {
  const byId = new Map(nodes.map((node) => [node.id, node]));
  const parents = new Map(nodes.flatMap((node) => (node.children ?? []).map((child) => [child, node.id])));
  const self = new Map<string, number>();
  const behalf = new Map<string, number>();
  let total = 0;
  for (const [index, id] of samples.entries()) {
    const stack: Profiler.ProfileNode[] = [];
    for (let at: number | undefined = id; at !== undefined; at = parents.get(at)) {
      const node = byId.get(at);
      if (node) stack.push(node);
    }
    const [leaf, ...callers] = stack;
    if (!leaf || IGNORED.has(leaf.callFrame.functionName)) continue;
    const spent = timeDeltas[index] ?? 0;
    total += spent;
    const caller = callers.find(({ callFrame }) => callFrame.url !== "");
    const isNative = leaf.callFrame.url === "" && caller !== undefined;
    add(self, isNative ? `${leaf.callFrame.functionName} in ${toName(caller)}` : toName(leaf), spent);
    add(behalf, toOwner(stack), spent);
  }
  return { self: toHottest(self, total), behalf: toHottest(behalf, total) };
}

function add(times: Map<string, number>, name: string, spent: number): void {
  times.set(name, (times.get(name) ?? 0) + spent);
}

function toHottest(times: ReadonlyMap<string, number>, total: number): HotFunction[] {
  const hot = [...times].map(([name, spent]) => ({ name, share: spent / total }));
  return hot.sort((a, b) => b.share - a.share).slice(0, SHOWN);
}

function toOwner(stack: readonly Profiler.ProfileNode[]): string {
  const url = stack.find(({ callFrame }) => callFrame.url.startsWith("file://"))?.callFrame.url;
  if (url === undefined) return "node itself";
  const inPackage = /.*\/node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(url)?.[1];
  return inPackage ?? toFile(url);
}

const toFile = (url: string): string => relative(process.cwd(), new URL(url).pathname);

function toName({ callFrame: { functionName, url, lineNumber } }: Profiler.ProfileNode): string {
  const name = functionName || "(anonymous)";
  if (url === "") return name;
  return `${name} ${url.startsWith("file://") ? toFile(url) : url}:${lineNumber + 1}`;
}
