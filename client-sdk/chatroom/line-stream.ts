import type { ChatroomLine } from "./chatroom-snapshot.ts";
import type { ChatroomGap } from "./gap-watch.ts";

/** A line as it is read from a session. */
export interface StreamedLine extends ChatroomLine {
  /** What was missed between the line read before and this one, oldest first; absent where nothing was. */
  gapsBefore?: readonly ChatroomGap[];
}

/** Turns snapshots' growing lists into single lines, each once for every reader. */
export interface LineStream {
  /** Takes in the lines now on stage, by order; those known already are passed over. */
  accept(lines: readonly ChatroomLine[]): void;
  /** Tells every reader of something missed, with the line that comes next. */
  miss(gap: ChatroomGap): void;
  /** The order of a conversation's first line that has not come yet. */
  heardTo(conversationId: string): number;
  end(): void;
  /** Lines from the first one on stage now. */
  read(): AsyncGenerator<StreamedLine, void, void>;
}

interface Reader {
  queue: StreamedLine[];
  missed: ChatroomGap[];
  wake: () => void;
}

/** A conversation may be put on again, after a restart or elsewhere: so many are recognized. */
const REMEMBERED = 200;

export function createLineStream(): LineStream {
  let onStage: readonly ChatroomLine[] = [];
  let ended = false;
  const heard = new Map<string, number>();
  const readers = new Set<Reader>();

  const heardTo = (conversationId: string): number => heard.get(conversationId) ?? 0;

  function remember({ conversationId, order }: ChatroomLine): void {
    // Deleted first, so that the map stays sorted by when a conversation was heard last.
    heard.delete(conversationId);
    heard.set(conversationId, order + 1);
    const [oldest] = heard.keys();
    if (heard.size > REMEMBERED && oldest !== undefined) heard.delete(oldest);
  }

  return {
    accept(lines) {
      const [first] = lines;
      // A room without lines is between two conversations: what was said stays known, as it may be rejoined.
      if (!first) return;
      const isSame = onStage[0]?.conversationId === first.conversationId;
      const fresh = lines.filter((line) => line.order >= heardTo(first.conversationId));
      if (!isSame) onStage = lines;
      else if (fresh.length > 0) onStage = [...onStage, ...fresh];
      const latest = fresh.at(-1);
      if (!latest) return;
      remember(latest);
      for (const reader of readers) give(reader, fresh);
    },
    miss(gap) {
      for (const reader of readers) reader.missed.push(gap);
    },
    heardTo,
    end() {
      ended = true;
      for (const reader of readers) reader.wake();
    },
    async *read() {
      const reader: Reader = { queue: [...onStage], missed: [], wake: () => {} };
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

function give(reader: Reader, [first, ...others]: readonly ChatroomLine[]): void {
  if (!first) return;
  const { missed } = reader;
  reader.queue.push(missed.length === 0 ? first : { ...first, gapsBefore: missed }, ...others);
  reader.missed = [];
  reader.wake();
}
