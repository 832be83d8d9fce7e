import { readFileSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import type { ErrorBody } from "#schema/api.ts";

/** Where a running server is reached, and a token for it; written by the server, readable by its user only. */
export const RunningServer = z.object({ url: z.string(), token: z.string(), pid: z.number() });
export type RunningServer = z.infer<typeof RunningServer>;

export const runningServerFile = (dataDir: string): string => join(dataDir, "running.json");

export interface CallServer {
  (method: string, path: string, body?: unknown): Promise<unknown>;
}

/** A failure an operator can act on; printed as one line. */
export class CommandError extends Error {
  override readonly name = "CommandError";
}

/** Calls the API of a server, the running one or a temporary one. */
export function createCaller({ url, token }: Pick<RunningServer, "url" | "token">): CallServer {
  return async (method, path, body) => {
    const response = await fetch(`${url}${path}`, {
      method,
      headers: {
        Authorization: `Bearer ${token}`,
        ...(body !== undefined && { "Content-Type": "application/json" }),
      },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    if (response.ok) return text === "" ? null : (JSON.parse(text) as unknown);
    throw new CommandError(toErrorLine(text, response.status));
  };
}

function toErrorLine(text: string, status: number): string {
  try {
    const { code, message, details } = (JSON.parse(text) as ErrorBody).error;
    return `${code}: ${message}${details === undefined ? "" : ` ${JSON.stringify(details)}`}`;
  } catch {
    return `the server answered ${status}`;
  }
}

/** The running server of this data folder, or null when none answers. */
export async function findRunningServer(dataDir: string): Promise<RunningServer | null> {
  try {
    const running = RunningServer.parse(JSON.parse(readFileSync(runningServerFile(dataDir), "utf8")));
    const response = await fetch(`${running.url}/health`, { signal: AbortSignal.timeout(3000) });
    return response.ok ? running : null;
  } catch {
    return null;
  }
}
