import type { ServerErrorRow } from "#schema/desk.ts";
import { createTally, type Tally } from "./tally.ts";

export type ServerErrorKey = Pick<ServerErrorRow, "kind" | "where" | "code">;

/** What of this server failed, and how often. */
export interface ServerErrors extends Pick<Tally<ServerErrorKey>, "rows" | "forgotten"> {
  /** Takes down what was logged as an error. */
  note(fields: Readonly<Record<string, unknown>>, message: string): ServerErrorKey;
}

const MOST_ROWS = 200;
const LONGEST_PLACE = 120;

/** Counts by place and code; a place is a route's pattern, a room's method, or the log's own words, never input. */
export function createServerErrors(nowMs: () => number): ServerErrors {
  const tally = createTally<ServerErrorKey>(MOST_ROWS);
  return {
    note(fields, message) {
      const key = { ...toPlace(fields, message), code: toCode(fields["err"] ?? fields["error"]) };
      tally.add(key, nowMs());
      return key;
    },
    rows: () => tally.rows(),
    forgotten: () => tally.forgotten(),
  };
}

function toPlace(
  { room, route, method }: Readonly<Record<string, unknown>>,
  message: string,
): Pick<ServerErrorKey, "kind" | "where"> {
  if (typeof room === "string") {
    return { kind: "room", where: `${room}: ${typeof method === "string" ? method : message}` };
  }
  if (typeof method === "string") {
    return { kind: "http", where: `${method} ${typeof route === "string" ? route : "other"}` };
  }
  return { kind: "process", where: message.slice(0, LONGEST_PLACE) };
}

/** The code that programs branch on, else the class; a text that is neither could quote anything. */
function toCode(error: unknown): string {
  if (!(error instanceof Error)) return "none";
  const { code } = error as { code?: unknown };
  const isCode = (typeof code === "string" || typeof code === "number") && /^[\w-]{1,40}$/.test(String(code));
  if (isCode) return String(code);
  return /^\w{1,60}$/.test(error.name) ? error.name : "Error";
}
