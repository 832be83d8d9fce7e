import type { ClientReports } from "#schema/client-report.ts";
import type { FetchLike } from "./http-client.ts";

/** What a program tells the server's operator of itself: kinds of errors and load times, never a text. */
export interface Reports {
  /**
   * Sends a few reports, without a token; also while the page is being left. Never fails: a report that does not
   * arrive is lost. The server takes ten sendings a minute from one address, so gather them. When you report of some
   * visits only, chosen at random, give their share as `sampleRate`.
   */
  send(reports: ClientReports): Promise<void>;
}

export function createReports(deps: { url: string; fetch: FetchLike }): Reports {
  const address = `${deps.url.replace(/\/+$/, "")}/api/client-errors`;
  return {
    async send(reports) {
      try {
        await deps.fetch(address, {
          method: "POST",
          headers: { "content-type": "application/json" },
          body: JSON.stringify(reports),
          credentials: "omit",
          keepalive: true,
        });
      } catch {
        // Reporting an error must not be one.
      }
    },
  };
}
