import type { LoadStep } from "#schema/client-report.ts";
import type { ChatroomSession } from "../chatroom/chatroom-session.ts";
import { ParleyError } from "../parley-error.ts";
import { createLoadWatch } from "./load-watch.ts";
import type { ReportQueue } from "./report-queue.ts";
import { toErrorCode } from "./to-error-code.ts";
import { watchSession } from "./watch-session.ts";

/**
 * Joins, and reports how long the seat and the first line took from here on, and the code where joining failed or the
 * session ended by itself. What was given up on purpose is no failure. `nowMs` never goes back.
 */
export async function reportJoin(
  join: () => Promise<ChatroomSession>,
  reports: ReportQueue,
  nowMs: () => number,
): Promise<ChatroomSession> {
  const load = createLoadWatch((report) => reports.add(report));
  const fromMs = nowMs();
  const reach = (step: LoadStep): void => load.reach(step, nowMs() - fromMs);
  const session = await join().catch((error: unknown) => {
    reportFailure(error, reports);
    throw error;
  });
  reach("joinedMs");
  watchSession(session, {
    firstLine() {
      reach("firstLineMs");
      load.end();
    },
    closed(failure) {
      load.end();
      if (failure) reports.add({ kind: "connection", code: toErrorCode(failure) });
      // In Node the process may end now.
      reports.flush();
    },
  });
  return session;
}

function reportFailure(error: unknown, reports: ReportQueue): void {
  if (error instanceof ParleyError && error.code === "aborted") return;
  reports.add({ kind: "connection", code: toErrorCode(error) });
  // A server that cannot be reached now cannot be told either: what may pass is told with what comes later.
  if (!(error instanceof ParleyError && error.retryable)) reports.flush();
}
