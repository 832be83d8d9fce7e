import type { ChildProcess } from "node:child_process";

const running = new Set<ChildProcess>();

/** Ends with the runner, however the runner ends (but for SIGKILL, of which children learn by their channel). */
export function endWithRunner(child: ChildProcess): void {
  running.add(child);
  child.once("exit", () => running.delete(child));
}

/** Kills what is left of the processes started here. */
export function endAllProcesses(): void {
  for (const child of running) child.kill("SIGKILL");
}

process.on("exit", endAllProcesses);
for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.once(signal, () => process.exit(130));
