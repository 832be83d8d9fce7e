import type { ChatroomLine } from "./chatroom-snapshot.ts";

/** Turns snapshots' growing lists into single lines, each once for every reader. */
export interface LineStream {
  /** Takes in the lines now on stage; those known already are passed over. */
  accept(lines: readonly ChatroomLine[]): void;
  end(): void;
  /** Lines from the first one on stage now. */
  read(): AsyncGenerator<ChatroomLine, void, void>;
}

export function createLineStream(): LineStream {
  let onStage: readonly ChatroomLine[] = [];
  let ended = false;
  const readers = new Set<{ queue: ChatroomLine[]; wake: () => void }>();

  return {
    accept(lines) {
      const [first] = lines;
      // A room without lines is between two conversations: what was said stays known, as it may be rejoined.
      if (!first) return;
      const known = onStage[0]?.conversationId === first.conversationId ? onStage : [];
      const orders = new Set(known.map((line) => line.order));
      const fresh = lines.filter((line) => !orders.has(line.order));
      onStage = fresh.length === 0 ? onStage : [...known, ...fresh];
      if (fresh.length === 0) return;
      for (const reader of readers) {
        reader.queue.push(...fresh);
        reader.wake();
      }
    },
    end() {
      ended = true;
      for (const reader of readers) reader.wake();
    },
    async *read() {
      const reader = { queue: [...onStage], wake: () => {} };
      readers.add(reader);
      try {
        for (;;) {
          const line = reader.queue.shift();
          if (line) yield line;
          else if (ended) return;
          else {
            await new Promise<void>((resolve) => {
              reader.wake = resolve;
            });
          }
        }
      } finally {
        readers.delete(reader);
      }
    },
  };
}
