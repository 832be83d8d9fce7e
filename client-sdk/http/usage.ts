import type { UsageReport } from "#schema/usage.ts";
import type { Abortable } from "./account.ts";
import type { HttpClient } from "./http-client.ts";

export interface Usage {
  /** What AI models cost me in a month of UTC, as `"2026-11"`, this one where not given; and what I may spend. */
  read(options?: Abortable & { month?: string }): Promise<UsageReport>;
}

export function createUsage(http: HttpClient): Usage {
  return {
    read: ({ signal, ...query } = {}) => http.call("GET", "/api/usage", { query, ...(signal && { signal }) }),
  };
}
