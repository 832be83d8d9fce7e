import { type ChildProcess, spawn, spawnSync } from "node:child_process";

export const REDIS = "redis-server";

/** Whether this machine has a Redis to test with. */
export const hasRedis = spawnSync(REDIS, ["--version"]).status === 0;

/** A Redis of its own on loopback, which keeps nothing; its folder is the caller's to remove. */
export async function startRedis(port: number, folder: string): Promise<ChildProcess> {
  const place = ["--port", String(port), "--bind", "127.0.0.1", "--dir", folder];
  const child = spawn(REDIS, [...place, "--save", "", "--appendonly", "no"], {
    stdio: ["ignore", "pipe", "ignore"],
  });
  await new Promise<void>((resolve) => {
    child.stdout.on("data", (text) => String(text).includes("Ready to accept connections") && resolve());
  });
  return child;
}
