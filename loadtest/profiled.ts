import type { BenchContext } from "./define-bench.ts";
import type { CpuProfile, HotFunction } from "./process/profile-cpu.ts";
import type { Child } from "./process/start-child.ts";

/** Runs `work`; where a profile was asked for, tells in the first round what kept the server busy. */
export async function profiled<T>(
  context: BenchContext,
  round: number,
  server: Child,
  work: () => Promise<T>,
): Promise<T> {
  if (!context.profile || round > 0) return work();
  await server.call("startProfile");
  const result = await work();
  const { self, behalf } = await server.call<CpuProfile>("stopProfile");
  context.progress(`functions by their own time:\n${toRows(self)}`);
  context.progress(`files and packages by what Node did for them:\n${toRows(behalf)}`);
  return result;
}

const toRows = (hot: readonly HotFunction[]): string =>
  hot.map(({ name, share }) => `  ${(share * 100).toFixed(1).padStart(5)} %  ${name}`).join("\n");
