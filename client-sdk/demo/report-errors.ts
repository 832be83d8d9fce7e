import type { ClientReport } from "#schema/client-report.ts";
import type { ChatroomSession } from "../chatroom/chatroom-session.ts";
import type { ParleyClient } from "../create-client.ts";
import { systemTimers } from "../timers.ts";
import { createLoadWatch, type LoadWatch } from "./reports/load-watch.ts";
import { createReportQueue } from "./reports/report-queue.ts";
import { toErrorCode } from "./reports/to-error-code.ts";

/** The share of visits that report; each of them stands for four. */
const SAMPLE_RATE = 0.25;

/**
 * Reports to the operator what goes wrong on this page and how long it took to load, by kind and code only, on some
 * visits. The client it hands back is the given one, with its rooms watched for that.
 */
export function reportErrors(client: ParleyClient): ParleyClient {
  if (Math.random() >= SAMPLE_RATE) return client;
  const queue = createReportQueue({
    send: (reports) =>
      void client.reports.send({ source: "page", version: readVersion(), sampleRate: SAMPLE_RATE, reports }),
    isOnline: () => navigator.onLine,
    timers: systemTimers,
  });
  const add = (report: ClientReport) => queue.add(report);
  const load = createLoadWatch(add);
  addEventListener("error", ({ error }) => add({ kind: "uncaught", code: toErrorCode(error) }));
  addEventListener("unhandledrejection", ({ reason }) =>
    add({ kind: "rejection", code: toErrorCode(reason) }),
  );
  addEventListener("pagehide", () => {
    reachNavigation(load);
    load.end();
    queue.flush();
  });
  return {
    ...client,
    chatrooms: {
      ...client.chatrooms,
      async join(wish) {
        const session = await client.chatrooms.join(wish);
        load.reach("joinedMs", performance.now());
        watchSession(session, load, add);
        return session;
      },
    },
  };
}

/** The first line ends the load; a session that ends by itself is a connection that failed for good. */
function watchSession(session: ChatroomSession, load: LoadWatch, add: (report: ClientReport) => void): void {
  let isLoading = true;
  const look = ({ lines, failure }: ChatroomSession["snapshot"]): void => {
    if (isLoading && lines.length > 0) {
      isLoading = false;
      load.reach("firstLineMs", performance.now());
      reachNavigation(load);
      load.end();
    }
    if (failure) {
      stop();
      add({ kind: "connection", code: toErrorCode(failure) });
    }
  };
  const stop = session.subscribe(look);
  look(session.snapshot);
}

function reachNavigation(load: LoadWatch): void {
  const [navigation] = performance.getEntriesByType("navigation");
  if (!(navigation instanceof PerformanceNavigationTiming)) return;
  load.reach("responseMs", navigation.responseStart);
  load.reach("readyMs", navigation.domContentLoadedEventEnd);
}

/** The build, as the bundle's name says it; it changes with every change of the page. */
function readVersion(): string {
  return /-([A-Z0-9]{8})\.js$/.exec(import.meta.url)?.[1] ?? "unbuilt";
}
