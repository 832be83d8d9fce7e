import type { LineEverywhere } from "./drivers/watch-lines.ts";
import type { Child } from "./process/start-child.ts";

/** A conversation's stretch from its first line, once all viewers had it, to its last. */
export interface Conversation {
  readonly lines: number;
  readonly fromMs: number;
  readonly toMs: number;
  /** The server's CPU time at the beginning of the stretch, and what it used in it. */
  readonly cpuAtStartMs: number;
  readonly cpuMs: number;
}

interface Sample extends LineEverywhere {
  readonly cpuMs: number;
}

/**
 * Reads the server's CPU time each time a line has reached every viewer. What a conversation's beginning and end cost
 * (casting, views) thus lies outside its stretch.
 */
export function collectLineSamples(server: Child, driver: Child) {
  let samples: Sample[] = [];
  let waiting: ((conversation: Conversation) => void) | undefined;
  let reading = Promise.resolve();

  async function read(before: Promise<void>, line: LineEverywhere): Promise<void> {
    await before;
    const { cpuMs } = await server.cpu();
    const isNew = samples.length > 0 && samples[0]?.conversationId !== line.conversationId;
    if (isNew) {
      waiting?.(toConversation(samples));
      waiting = undefined;
      samples = [];
    }
    samples.push({ ...line, cpuMs });
  }

  driver.on("line", (line: LineEverywhere) => {
    reading = read(reading, line);
  });

  return {
    /** Resolves with the conversation on stage when the one after it has shown its first line. */
    next: () =>
      new Promise<Conversation>((resolve) => {
        waiting = resolve;
      }),
  };
}

function toConversation(samples: readonly Sample[]): Conversation {
  const [first] = samples;
  const last = samples.at(-1);
  if (!first || !last || samples.length < 2)
    throw new Error("a conversation of fewer than two lines was watched");
  return {
    lines: samples.length,
    fromMs: first.atMs,
    toMs: last.atMs,
    cpuAtStartMs: first.cpuMs,
    cpuMs: last.cpuMs - first.cpuMs,
  };
}
