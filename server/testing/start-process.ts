import { spawn } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { COMPILE_CACHE } from "./compile-cache.ts";
import { ADMIN_PASSWORD } from "./open-test-server.ts";

const MAIN = fileURLToPath(new URL("../main.ts", import.meta.url));

/** The server as a process of its own. */
export interface ServerProcess {
  readonly pid: number;
  /** Resolves with its address when it is ready, and rejects when it ends before. */
  readonly url: Promise<string>;
  /** Resolves with its exit code, or the signal that ended it. */
  readonly ended: Promise<number | string>;
  /** All it wrote until now. */
  readonly out: () => string;
  readonly err: () => string;
  /** Signals it and resolves as `ended` does. */
  end(signal: NodeJS.Signals): Promise<number | string>;
}

const running = new Set<ServerProcess>();

/** Starts `main.ts` with nothing of our environment. */
export function startProcess(dataDir: string, env: Record<string, string> = {}): ServerProcess {
  const child = spawn(process.execPath, ["--enable-source-maps", MAIN], {
    env: {
      ...COMPILE_CACHE,
      PORT: "0",
      HOST: "127.0.0.1",
      DATA_DIR: dataDir,
      ADMIN_PASSWORD,
      RATE_LIMIT_SCALE: "1000",
      ...env,
    },
    stdio: ["ignore", "pipe", "pipe"],
  });
  let out = "";
  let err = "";
  child.stderr.setEncoding("utf8").on("data", (text: string) => (err += text));
  const ended = once(child, "close").then(([code, signal]) => (code ?? signal) as number | string);
  const url = new Promise<string>((resolve, reject) => {
    child.stdout.setEncoding("utf8").on("data", (text: string) => {
      out += text;
      const [, scheme, port] = /Parley is ready: open (https?):\/\/localhost:(\d+)/.exec(out) ?? [];
      if (port) resolve(`${scheme}://127.0.0.1:${port}`);
    });
    void ended.then((how) => reject(new Error(`it ended before it was ready: ${how} ${err}`)));
  });
  // Not everybody waits for it.
  url.catch(() => {});
  const started: ServerProcess = {
    pid: child.pid ?? 0,
    url,
    ended,
    out: () => out,
    err: () => err,
    end(signal) {
      child.kill(signal);
      return ended;
    },
  };
  running.add(started);
  void ended.then(() => running.delete(started));
  return started;
}

/** Ends what a test left running. */
export async function endProcesses(): Promise<void> {
  await Promise.all([...running].map((each) => each.end("SIGKILL")));
}
