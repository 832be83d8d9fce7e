import manifest from "../../package.json" with { type: "json" };
import { findFreePort } from "./free-port.ts";
import { startChild, type Child } from "./start-child.ts";

/** A Parley server under test: the product as `npm start` runs it. */
export interface Parley extends Child {
  readonly url: string;
  /** As the operator's report has it, at this moment. */
  activeConversations(): Promise<number>;
  /** Resolves once that many conversations are active. */
  filled(activeConversations: number): Promise<void>;
  /** Resolves once no background job uses the processor. */
  quiet(): Promise<void>;
}

export interface ParleyOptions {
  readonly dataDir: string;
  /** 1 is the natural pace. */
  readonly playbackSpeed?: number;
  /** Tokens of an earlier server with the same secret go on counting. */
  readonly jwtSecret?: string;
}

/** Those `npm start` gives to Node. */
const START_FLAGS = manifest.scripts.start.split(" ").filter((word) => word.startsWith("--"));
const MAIN = new URL("../../server/main.ts", import.meta.url);
const PROBES = new URL("./answer-probes.ts", import.meta.url);
const ADMIN_PASSWORD = "a password of benchmarks";
const START_WITHIN_MS = 60_000;
const SETTLE_WITHIN_MS = 180_000;
/** Less than this share of a core, half a second long, is quiet. */
const QUIET = 0.06;

/** Starts the server on loopback and waits until it takes viewers. */
export async function startParley(options: ParleyOptions): Promise<Parley> {
  const port = await findFreePort();
  const url = `http://127.0.0.1:${port}`;
  const child = startChild(MAIN, {
    nodeFlags: [...START_FLAGS, "--import", PROBES.href],
    stopSignal: "SIGTERM",
    env: {
      PORT: String(port),
      HOST: "127.0.0.1",
      DATA_DIR: options.dataDir,
      PLAYBACK_SPEED: String(options.playbackSpeed ?? 1),
      // The limits are for strangers; a thousand viewers of one address would meet them at once.
      RATE_LIMIT_SCALE: "100000",
      LOG_LEVEL: "warn",
      ADMIN_PASSWORD,
      ...(options.jwtSecret && { JWT_SECRET: options.jwtSecret }),
    },
  });
  await waitUntil(START_WITHIN_MS, "the server is not ready", async () => {
    // Rejects at once when the server has ended.
    await child.cpu();
    const answer = await fetch(`${url}/ready`).catch(() => null);
    return answer?.status === 200;
  });
  const operator = await loginOperator(url);
  async function readActiveConversations(): Promise<number> {
    const answer = await fetch(`${url}/api/admin/pool`, { headers: { authorization: `Bearer ${operator}` } });
    return ((await answer.json()) as { active_conversations: number }).active_conversations;
  }
  return {
    ...child,
    url,
    activeConversations: readActiveConversations,
    filled: (activeConversations) =>
      waitUntil(SETTLE_WITHIN_MS, "the pool is not full", async () => {
        return (await readActiveConversations()) >= activeConversations;
      }),
    quiet: () => waitUntil(SETTLE_WITHIN_MS, "the server does not come to rest", () => isQuiet(child)),
  };
}

async function loginOperator(url: string): Promise<string> {
  const answer = await fetch(`${url}/api/auth/admin`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ password: ADMIN_PASSWORD }),
  });
  return ((await answer.json()) as { token: string }).token;
}

async function isQuiet(child: Child): Promise<boolean> {
  const before = await child.cpu();
  await pause(500);
  const after = await child.cpu();
  return (after.cpuMs - before.cpuMs) / (after.atMs - before.atMs) < QUIET;
}

async function waitUntil(withinMs: number, failure: string, isDone: () => Promise<boolean>): Promise<void> {
  const deadlineMs = performance.now() + withinMs;
  while (!(await isDone())) {
    if (performance.now() > deadlineMs) throw new Error(`${failure} after ${withinMs / 1000} s`);
    await pause(100);
  }
}

const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));
