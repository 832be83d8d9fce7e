import type { GenerationJob } from "#schema/desk.ts";
import type { Clock } from "#ai/clock.ts";
import { BATCH_SIZE } from "#ai/pool/batch-hours.ts";
import type { BatchOutcome } from "#ai/pool/generator.ts";
import type { Log } from "./log.ts";

/** What operators have written beyond the hourly batches; of this process, in memory. */
export interface GenerationJobs {
  /** Begins when those before it have ended, as two at a time would write the same. */
  start(wanted: number): GenerationJob;
  /** Null for one that is unknown here, or forgotten. */
  get(jobId: string): GenerationJob | null;
  /** The last ones, newest first. */
  list(): GenerationJob[];
  /** To be told of all that the pool stores, which is how jobs under way are followed. */
  noteStored(conversations: readonly { readonly id: string }[]): void;
  /** Resolves when none is under way. */
  settled(): Promise<void>;
}

export interface GenerationJobsOptions {
  readonly generate: (count: number) => Promise<BatchOutcome>;
  readonly newId: () => string;
  readonly clock: Clock;
  readonly log: Log;
}

const KEPT = 20;

/** The number within its hour is the end of a conversation's id; the hourly batch has the low ones. */
const isBeyondBatch = ({ id }: { readonly id: string }): boolean =>
  Number(id.slice(id.lastIndexOf("-") + 1)) >= BATCH_SIZE;

export function createGenerationJobs({ generate, newId, clock, log }: GenerationJobsOptions): GenerationJobs {
  const jobs = new Map<string, GenerationJob>();
  let running: string | null = null;
  let last = Promise.resolve();

  function update(jobId: string, change: Partial<GenerationJob>): void {
    const job = jobs.get(jobId);
    if (job) jobs.set(jobId, { ...job, ...change });
  }

  async function run(jobId: string, wanted: number): Promise<void> {
    running = jobId;
    update(jobId, { status: "running" });
    try {
      const { written, failed, duplicates } = await generate(wanted);
      // When the server is stopped, it ends with less.
      const isWhole = written + failed + duplicates >= wanted;
      log.info({ jobId, written, failed }, "extra conversations were written");
      update(jobId, { status: isWhole ? "done" : "failed", written, failed, endedAtMs: clock.nowMs() });
    } catch (err) {
      log.error({ jobId, err }, "extra conversations could not be written");
      update(jobId, { status: "failed", endedAtMs: clock.nowMs() });
    }
    running = null;
    forgetOld();
  }

  /** Whatever has yet to end is kept. */
  function forgetOld(): void {
    const ended = [...jobs.values()].filter(({ endedAtMs }) => endedAtMs !== null);
    for (const { jobId } of ended.slice(0, Math.max(0, jobs.size - KEPT))) jobs.delete(jobId);
  }

  return {
    start(wanted) {
      const jobId = newId();
      const isFree = [...jobs.values()].every(({ endedAtMs }) => endedAtMs !== null);
      const job: GenerationJob = {
        jobId,
        status: isFree ? "running" : "waiting",
        wanted,
        written: 0,
        failed: 0,
        askedAtMs: clock.nowMs(),
        endedAtMs: null,
      };
      jobs.set(jobId, job);
      last = last.then(() => run(jobId, wanted));
      return job;
    },
    get: (jobId) => jobs.get(jobId) ?? null,
    list: () => [...jobs.values()].toReversed(),
    noteStored(conversations) {
      const job = running === null ? undefined : jobs.get(running);
      if (!job) return;
      update(job.jobId, { written: job.written + conversations.filter(isBeyondBatch).length });
    },
    settled: () => last,
  };
}
