import type { StoredTopic } from "#schema/stored/topic.ts";
import type { Clock } from "#ai/clock.ts";
import type { Log } from "../log.ts";
import { readFeed } from "./read-feed.ts";
import { toStoredTopic } from "./to-stored-topic.ts";

export interface FeedJobOptions {
  readonly url: string;
  readonly everyMs: number;
  readonly clock: Clock;
  readonly log: Log;
  readonly newId: () => string;
  readonly importTopics: (topics: readonly StoredTopic[]) => Promise<{ inserted: number }>;
  /** True in one process only. */
  readonly isLeader: () => boolean;
}

export interface FeedJob {
  start(): void;
  stop(): void;
}

const CHECK_EVERY_MS = 60_000;
/** The pool's lease is taken within moments of the start. */
const FIRST_CHECK_MS = 5000;
const TIMEOUT_MS = 15_000;
const MAX_BYTES = 2 * 1024 * 1024;

/** Reads the configured feed every `everyMs` while this process leads; a failure is logged and tried again. */
export function createFeedJob(options: FeedJobOptions): FeedJob {
  const { clock, log } = options;
  const stopping = new AbortController();
  let dueAtMs = 0;
  let cancel = (): void => {};

  async function refresh(): Promise<void> {
    const headlines = readFeed(await download(options.url, stopping.signal));
    const topics = headlines.map((text) =>
      toStoredTopic({ text, category: "news", sentiment: "neutral" }, "feed", {
        id: options.newId(),
        nowMs: clock.nowMs(),
      }),
    );
    const { inserted } = await options.importTopics(topics);
    log.info({ headlines: headlines.length, inserted }, "topic feed read");
  }

  async function check(): Promise<void> {
    if (options.isLeader() && clock.nowMs() >= dueAtMs) {
      dueAtMs = clock.nowMs() + options.everyMs;
      await refresh().catch((err: unknown) => {
        if (!stopping.signal.aborted) log.warn({ err }, "topic feed could not be read");
      });
    }
    if (!stopping.signal.aborted) cancel = clock.after(CHECK_EVERY_MS, () => void check());
  }

  return {
    start() {
      cancel = clock.after(FIRST_CHECK_MS, () => void check());
    },
    stop() {
      stopping.abort();
      cancel();
    },
  };
}

/** The text at an address; at most 2 MB within 15 seconds. */
async function download(url: string, stop: AbortSignal): Promise<string> {
  const response = await fetch(url, { signal: AbortSignal.any([stop, AbortSignal.timeout(TIMEOUT_MS)]) });
  if (!response.ok || !response.body) throw new Error(`the feed answered ${response.status}`);
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of response.body as AsyncIterable<Uint8Array>) {
    bytes += chunk.length;
    if (bytes > MAX_BYTES) throw new Error("the feed is larger than 2 MB");
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString("utf8");
}
