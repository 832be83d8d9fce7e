import { type DestinationStream, pino, type Logger, type LoggerOptions } from "pino";
import pretty from "pino-pretty";

export type Log = Logger;

/** Values under these names never reach a log, wherever a careless caller puts them. */
const SECRET_FIELDS = [
  "token",
  "password",
  "authorization",
  "cookie",
  "text",
  "name",
  "personality",
  "backstory",
];

/**
 * Structured logs on standard output (or wherever else is said), as JSON lines or, on a terminal, as lines for people.
 * No token, message text or personal data.
 */
export function createLog(level: string, destination?: DestinationStream): Log {
  const readable =
    process.stdout.isTTY && !destination
      ? pretty({ sync: true, translateTime: "SYS:HH:MM:ss", hideObject: false, singleLine: true })
      : destination;
  const options: LoggerOptions = {
    level,
    base: null,
    timestamp: pino.stdTimeFunctions.isoTime,
    formatters: { level: (label) => ({ level: label }) },
    serializers: { err: toLoggedError, error: toLoggedError },
    redact: { paths: SECRET_FIELDS.flatMap((field) => [field, `*.${field}`]), censor: "[redacted]" },
  };
  return readable ? pino(options, readable) : pino(options);
}

/** What may be logged of an error: its class, code and stack frames, but no message, for it may quote input. */
function toLoggedError(error: unknown): unknown {
  if (!(error instanceof Error)) return { type: typeof error };
  const frames = (error.stack ?? "").split("\n").filter((line) => line.startsWith("    at "));
  return {
    type: error.name,
    ...("code" in error && { code: error.code }),
    stack: frames.slice(0, 12).map((line) => line.trim()),
    ...(error.cause !== undefined && { cause: toLoggedError(error.cause) }),
  };
}
