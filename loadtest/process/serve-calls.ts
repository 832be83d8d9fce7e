import { performance } from "node:perf_hooks";
import { startProfile, stopProfile } from "./profile-cpu.ts";

/** What a child process can be asked; a method takes one argument and may be slow. */
export type Calls = Readonly<Record<string, (argument: never) => unknown>>;

export interface CallMessage {
  readonly id: number;
  readonly method: string;
  readonly argument: unknown;
}

export type ReplyMessage =
  | { readonly id: number; readonly result: unknown }
  | { readonly id: number; readonly error: string }
  | { readonly event: string; readonly payload: unknown };

/** What a process used since it started. */
export interface CpuReading {
  readonly cpuMs: number;
  readonly atMs: number;
  /** Time in which the event loop had work, which counts time the machine gave to others. */
  readonly busyMs: number;
}

/** After forced collections. */
export interface MemoryReading {
  readonly heapAndExternalBytes: number;
  readonly residentBytes: number;
}

/** No child outlives this, whatever happens to the runner. */
const LIFE_MS = 40 * 60_000;

/**
 * Answers calls of the process that started this one, besides `calls` about its own CPU time and memory, so that
 * servers, peers and drivers are all read in the same way.
 */
export function serveCalls(calls: Calls): void {
  const served: Calls = { cpu: readCpu, memory: readMemory, startProfile, stopProfile, ...calls };
  process.on("message", (message: CallMessage) => void answer(served, message));
  process.once("disconnect", () => process.exit());
  setTimeout(() => process.exit(1), LIFE_MS).unref();
}

/** Tells the parent something unasked. */
export function emit(event: string, payload: unknown): void {
  reply({ event, payload });
}

async function answer(calls: Calls, { id, method, argument }: CallMessage): Promise<void> {
  try {
    const call = calls[method];
    if (!call) throw new Error(`no method ${method}`);
    reply({ id, result: await call(argument as never) });
  } catch (error) {
    reply({ id, error: error instanceof Error ? (error.stack ?? error.message) : String(error) });
  }
}

function reply(message: ReplyMessage): void {
  if (process.connected) process.send?.(message);
}

function readCpu(): CpuReading {
  const { user, system } = process.cpuUsage();
  const { active } = performance.eventLoopUtilization();
  return { cpuMs: (user + system) / 1000, atMs: performance.now(), busyMs: active };
}

async function readMemory(): Promise<MemoryReading> {
  // Finalizers free more in a later turn, which only the next collection sees.
  for (let collection = 0; collection < 4; collection++) {
    globalThis.gc?.();
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  const { heapUsed, external, rss } = process.memoryUsage();
  return { heapAndExternalBytes: heapUsed + external, residentBytes: rss };
}
