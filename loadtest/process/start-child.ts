import { fork } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { endWithRunner } from "./child-processes.ts";
import type { CpuReading, MemoryReading, ReplyMessage } from "./serve-calls.ts";

/** A process of its own that answers calls; see `serve-calls.ts`. */
export interface Child {
  call<Result>(method: string, argument?: unknown): Promise<Result>;
  cpu(): Promise<CpuReading>;
  memory(): Promise<MemoryReading>;
  on(event: string, listener: (payload: never) => void): void;
  /** Asks it to end, and kills it when it does not. */
  stop(): Promise<void>;
}

export interface ChildOptions {
  readonly nodeFlags?: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  /** The signal that asks it to end; without one its channel is closed, which ends all of ours. */
  readonly stopSignal?: NodeJS.Signals;
}

const STOP_WITHIN_MS = 15_000;

/** Starts a module as a process with nothing of our environment but PATH. */
export function startChild(module: URL, options: ChildOptions = {}): Child {
  const { nodeFlags = [], env = {}, stopSignal } = options;
  const path = process.env["PATH"] ?? "";
  const child = fork(fileURLToPath(module), {
    execArgv: ["--enable-source-maps", "--expose-gc", ...nodeFlags],
    env: { PATH: path, ...env },
    // Results alone belong on our standard output.
    stdio: ["ignore", process.stderr, "inherit", "ipc"],
  });
  endWithRunner(child);
  const waiting = new Map<number, { resolve: (result: never) => void; reject: (error: Error) => void }>();
  const listeners = new Map<string, (payload: never) => void>();
  let calls = 0;
  let stopping = false;

  child.on("message", (message: ReplyMessage) => {
    if ("event" in message) return listeners.get(message.event)?.(message.payload as never);
    const caller = waiting.get(message.id);
    waiting.delete(message.id);
    if ("error" in message) caller?.reject(new Error(message.error));
    else caller?.resolve(message.result as never);
  });
  child.once("exit", (code) => {
    const error = new Error(`${module.pathname} ended${stopping ? "" : " by itself"} (status ${code})`);
    for (const { reject } of waiting.values()) reject(error);
    waiting.clear();
  });

  function call<Result>(method: string, argument?: unknown): Promise<Result> {
    return new Promise((resolve, reject) => {
      if (!child.connected) return reject(new Error(`${module.pathname} is not running`));
      const id = ++calls;
      waiting.set(id, { resolve, reject });
      child.send({ id, method, argument });
    });
  }

  return {
    call,
    cpu: () => call("cpu"),
    memory: () => call("memory"),
    on: (event, listener) => void listeners.set(event, listener),
    async stop() {
      if (child.exitCode !== null || child.signalCode !== null) return;
      stopping = true;
      const exited = once(child, "exit");
      if (stopSignal) child.kill(stopSignal);
      else child.disconnect();
      const timer = setTimeout(() => child.kill("SIGKILL"), STOP_WITHIN_MS);
      await exited;
      clearTimeout(timer);
    },
  };
}
