import type { Log } from "../log.ts";

/** Told of what is logged as an error. */
export type NoteError = (fields: Readonly<Record<string, unknown>>, message: string) => void;

/**
 * The same log, which also tells `note` of every error. Routes, rooms and jobs all log what they cannot handle, so
 * this is the one place that sees everything that goes wrong.
 */
export function withErrorCount(log: Log, note: NoteError): Log {
  const counting = (level: "error" | "fatal") => (fields: object, message?: string) => {
    note(fields as Record<string, unknown>, message ?? "");
    log[level](fields, message);
  };
  return Object.create(log, {
    error: { value: counting("error") },
    fatal: { value: counting("fatal") },
  }) as Log;
}
