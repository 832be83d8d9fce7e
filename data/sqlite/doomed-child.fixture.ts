import { spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";

const PROGRAM = fileURLToPath(new URL("doomed-process.fixture.ts", import.meta.url));

/** Runs a task in a process of its own, kills it with SIGKILL as soon as `isTime` says so, and returns its lines. */
export async function runUntilKilled(
  task: string,
  dataDir: string,
  isTime: (lines: readonly string[]) => boolean,
): Promise<string[]> {
  const child = startTask(task, dataDir);
  const lines: string[] = [];
  const gone = once(child.process, "exit");
  for await (const line of child.lines) {
    lines.push(line);
    if (isTime(lines)) child.process.kill("SIGKILL");
  }
  const [, signal] = (await gone) as [number | null, string | null];
  if (signal !== "SIGKILL") throw new Error(`the process ended by itself after ${lines.length} lines`);
  return lines;
}

export function startTask(task: string, dataDir: string) {
  const child = spawn(process.execPath, [PROGRAM, task, dataDir], { stdio: ["ignore", "pipe", "inherit"] });
  return { process: child, lines: createInterface({ input: child.stdout }) };
}
