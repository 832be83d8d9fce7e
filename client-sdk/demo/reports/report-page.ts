import type { ParleyClient } from "../../create-client.ts";
import { createLoadWatch, type LoadWatch } from "../../reports/load-watch.ts";
import { watchSession } from "../../reports/watch-session.ts";
import { readBuildVersion } from "./read-build-version.ts";
import { reportUncaught } from "./report-uncaught.ts";

/**
 * Reports to the operator what goes wrong on this page and how long it took to load, by kind and code only, on the
 * visits of which the client reports. The client it hands back is the given one, with its rooms watched for that.
 */
export function reportPage(client: ParleyClient): ParleyClient {
  const reports = client.reports.gather({ source: "page", version: readBuildVersion(import.meta.url) });
  const load = createLoadWatch((report) => reports.add(report));
  reportUncaught(window, reports);
  addEventListener("pagehide", () => {
    endLoad(load);
    reports.flush();
  });
  return {
    ...client,
    chatrooms: {
      ...client.chatrooms,
      async join(wish) {
        const session = await client.chatrooms.join(wish);
        load.reach("joinedMs", performance.now());
        watchSession(session, {
          firstLine() {
            load.reach("firstLineMs", performance.now());
            endLoad(load);
          },
        });
        return session;
      },
    },
  };
}

function endLoad(load: LoadWatch): void {
  const [navigation] = performance.getEntriesByType("navigation");
  if (navigation instanceof PerformanceNavigationTiming) {
    load.reach("responseMs", navigation.responseStart);
    load.reach("readyMs", navigation.domContentLoadedEventEnd);
  }
  load.end();
}
