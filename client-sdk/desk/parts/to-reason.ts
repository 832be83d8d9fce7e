import { ParleyError } from "../../parley-error.ts";
import { strings } from "../strings.ts";

/** Why a call failed and what helps, in plain words. */
export function toReason(error: unknown): string {
  if (!(error instanceof ParleyError)) return strings.reasons.unknown;
  const known = strings.reasons.of[error.code];
  if (known !== undefined) return known;
  return (error.status ?? 500) < 500 ? error.message : strings.reasons.unknown;
}
