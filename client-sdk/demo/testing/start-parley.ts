import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { Readable } from "node:stream";
import { fileURLToPath } from "node:url";
import manifest from "../../../package.json" with { type: "json" };

/** A server of a test's own, as `npm start` runs it, that can go and come back at the same address with what it kept. */
export interface OwnParley {
  readonly url: string;
  /** Ends it as an update does (SIGTERM), or at once (SIGKILL); resolves when it is gone. */
  end(signal: "SIGTERM" | "SIGKILL"): Promise<void>;
  startAgain(): Promise<void>;
  /** Ends it, and removes all it kept. */
  close(): Promise<void>;
}

const REPOSITORY = fileURLToPath(new URL("../../..", import.meta.url));
const COMMAND = manifest.scripts.start.split(" ").slice(1);

/** Resolves when the server takes viewers. `playbackSpeed` 1 is the natural pace. */
export async function startParley(settings: { playbackSpeed?: number } = {}): Promise<OwnParley> {
  const folder = await mkdtemp(join(tmpdir(), "parley-browser-"));
  let port = "0";
  let running = start();
  // Whatever becomes of the tests, no server is left behind.
  process.on("exit", () => running.kill("SIGKILL"));

  function start(): ChildProcess {
    return spawn(process.execPath, COMMAND, {
      cwd: REPOSITORY,
      env: {
        PORT: port,
        HOST: "127.0.0.1",
        DATA_DIR: folder,
        RATE_LIMIT_SCALE: "100",
        PLAYBACK_SPEED: String(settings.playbackSpeed ?? 1),
      },
      stdio: ["ignore", "pipe", "inherit"],
    });
  }

  async function end(signal: NodeJS.Signals): Promise<void> {
    if (running.exitCode !== null || running.signalCode !== null) return;
    const gone = once(running, "exit");
    running.kill(signal);
    await gone;
  }

  const url = await readAddress(running);
  ({ port } = new URL(url));
  return {
    url,
    end,
    async startAgain() {
      running = start();
      await readAddress(running);
    },
    async close() {
      await end("SIGKILL");
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** The address in the server's own words, as soon as it says that it is ready. */
function readAddress(server: ChildProcess): Promise<string> {
  return new Promise((resolve, reject) => {
    server.once("exit", (code) => reject(new Error(`the server ended before it was ready (status ${code})`)));
    // Read on to the end: a server whose words nobody takes stands still.
    createInterface({ input: server.stdout ?? Readable.from([]) }).on("line", (line) => {
      const address = /"url":"([^"]+)","msg":"Parley is ready/.exec(line)?.[1];
      if (address) resolve(address);
    });
  });
}
