import { ParleyError } from "../../parley-error.ts";
import { strings } from "../strings.ts";

/** What a failure of a passkey or a code means, and what to do about it. */
export function toRefusalWords(error: unknown): string {
  const words = strings.settings;
  return (error instanceof ParleyError && words.refusals[error.code]) || words.failed;
}
