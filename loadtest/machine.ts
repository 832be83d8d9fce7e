import { availableParallelism, cpus, loadavg, totalmem } from "node:os";

/** Where figures were taken; they compare only with others of the same machine. */
export interface Machine {
  readonly processor: string;
  readonly cores: number;
  readonly memoryGb: number;
  readonly platform: string;
  readonly node: string;
  /** Mean number of runnable processes in the minute before: above 0.5 or so, others were at work. */
  readonly loadBefore: number;
}

/** To be read before the benchmark loads the machine itself. */
export function readMachine(): Machine {
  return {
    processor: cpus()[0]?.model.trim() ?? "unknown",
    cores: availableParallelism(),
    memoryGb: Math.round(totalmem() / 2 ** 30),
    platform: `${process.platform}-${process.arch}`,
    node: process.version,
    loadBefore: Math.round((loadavg()[0] ?? 0) * 100) / 100,
  };
}
