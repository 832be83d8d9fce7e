import { setTimeout as sleep } from "node:timers/promises";
import { GenerationJob } from "#schema/desk.ts";
import { CommandError, type CallServer } from "./call-server.ts";

const LOOK_EVERY_MS = 500;
const API = "/api/admin/pool/generate";

/**
 * Has conversations written and waits until they are, telling how far that is.
 * @throws CommandError when it ends before all were tried
 */
export async function awaitGeneration(
  call: CallServer,
  count: number,
  tell: (line: string) => void,
): Promise<GenerationJob> {
  let job = GenerationJob.parse(await call("POST", API, { count }));
  while (job.endedAtMs === null) {
    tell(toLine(job));
    await sleep(LOOK_EVERY_MS);
    job = GenerationJob.parse(await call("GET", `${API}/${job.jobId}`));
  }
  tell(toLine(job));
  if (job.status === "failed")
    throw new CommandError(
      `generation-failed: ${job.written} of ${job.wanted} were written; the log says why it ended`,
    );
  return job;
}

function toLine({ status, written, wanted, failed }: GenerationJob): string {
  const missing = failed > 0 ? `, ${failed} failed` : "";
  return status === "waiting"
    ? "waiting for another job to end"
    : `${written} of ${wanted} written${missing}`;
}
