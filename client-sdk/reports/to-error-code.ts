import { ParleyError } from "../parley-error.ts";

const SHAPE = /^[A-Za-z0-9][A-Za-z0-9_-]{0,39}$/;

/** What may be told of anything that was thrown: the code of one of ours, else the class. Never its text. */
export function toErrorCode(thrown: unknown): string {
  const code = thrown instanceof ParleyError ? thrown.code : nameOf(thrown);
  return SHAPE.test(code) ? code : "unknown";
}

function nameOf(thrown: unknown): string {
  return thrown instanceof Error ? thrown.name : "unknown";
}
