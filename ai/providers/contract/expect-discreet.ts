import { expect } from "vitest";
import type { ProviderError } from "../provider-error.ts";

/** None of the secrets is anywhere in what may be logged of an error. */
export function expectDiscreet(error: ProviderError, secrets: readonly string[]): void {
  const all = `${error.stack} ${JSON.stringify(error)} ${String(error.cause)}`;
  for (const secret of secrets) expect(all).not.toContain(secret);
}
