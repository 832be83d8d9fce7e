import type { ServerResponse } from "node:http";

/** Calls back when the answer has been handed over whole, with the seconds from now until then. */
export function onAnswered(response: ServerResponse, run: (seconds: number) => void): void {
  const startedAt = performance.now();
  response.once("finish", () => run((performance.now() - startedAt) / 1000));
}
