import type { ChatroomState } from "#schema/chatroom-state.ts";

/** A line that every viewer who is watched now has. */
export interface LineEverywhere {
  readonly conversationId: string;
  readonly order: number;
  readonly atMs: number;
}

/** What one viewer has of the conversation on stage. */
interface Progress {
  conversationId: string;
  lines: number;
  /** Of all line contents so far, so that two viewers' transcripts compare at once. */
  digest: number;
}

export interface LineWatch {
  /** To be called after each state change of a viewer. */
  see(viewer: number, state: ChatroomState): void;
  /** One viewer less is waited for: it is not going to see any more. */
  ignore(): void;
  /** Latencies from the lines' due times until they were decoded, taken out: one per viewer and line. */
  takeLatencies(): number[];
  /** Viewers whose transcript of a conversation differs from most others', taken out. */
  takeMisled(): number;
}

const nowMs = (): number => performance.timeOrigin + performance.now();

/** Follows what each of `viewers` sees, and tells when a line has reached all of them. */
export function watchLines(viewers: number, onEverywhere: (line: LineEverywhere) => void): LineWatch {
  const progress = Array.from({ length: viewers }, (): Progress => ({
    conversationId: "",
    lines: 0,
    digest: 0,
  }));
  /** Conversation and number of lines → digest of the transcript → how many viewers have it. */
  const transcripts = new Map<string, Map<number, number>>();
  let latencies: number[] = [];
  let expected = viewers;

  function count(conversationId: string, order: number, digest: number): void {
    const key = `${conversationId}:${order}`;
    const counts = transcripts.get(key) ?? new Map<number, number>();
    transcripts.set(key, counts);
    counts.set(digest, (counts.get(digest) ?? 0) + 1);
    const seen = [...counts.values()].reduce((sum, each) => sum + each, 0);
    if (seen === expected) onEverywhere({ conversationId, order, atMs: nowMs() });
  }

  return {
    see(viewer, state) {
      const mine = progress[viewer] as Progress;
      const isNew = mine.conversationId === "";
      if (mine.conversationId !== state.conversationId) {
        mine.conversationId = state.conversationId;
        mine.lines = 0;
        mine.digest = 0;
      }
      // Whoever joins in the middle gets the earlier lines late by nature.
      const isCatchingUp = isNew || state.lines.length - mine.lines > 1;
      for (let index = mine.lines; index < state.lines.length; index++) {
        const line = state.lines[index];
        if (!line) continue;
        if (!isCatchingUp) latencies.push(nowMs() - (state.startedAtMs + line.atMs));
        mine.digest = addTo(
          mine.digest,
          `${line.order}|${line.slot}|${line.atMs}|${line.sentiment}|${line.text}`,
        );
        count(mine.conversationId, line.order, mine.digest);
      }
      mine.lines = state.lines.length;
    },
    ignore() {
      expected -= 1;
    },
    takeLatencies() {
      const taken = latencies;
      latencies = [];
      return taken;
    },
    takeMisled() {
      let misled = 0;
      for (const counts of transcripts.values()) {
        const shared = [...counts.values()];
        misled += shared.reduce((sum, each) => sum + each, 0) - Math.max(...shared);
      }
      transcripts.clear();
      return misled;
    },
  };
}

function addTo(digest: number, text: string): number {
  let mixed = digest ^ 0x811c9dc5;
  for (let index = 0; index < text.length; index++)
    mixed = Math.imul(mixed ^ text.charCodeAt(index), 0x01000193);
  return mixed;
}
