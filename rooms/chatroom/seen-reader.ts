import { inBursts } from "../plugins/in-bursts.ts";
import { createPaced } from "../plugins/paced.ts";
import type { ChatroomDeps } from "./deps.ts";
import type { Viewer } from "./viewer.ts";

/** Finds out what viewers have seen, off the path of their joining; of a crowd, several at a time. */
export interface SeenReader {
  ask(viewer: Viewer): void;
  /** Nobody who waits is read about any more. */
  cancel(): void;
}

export interface SeenListener {
  /** `seen` holds conversations of the active pool only. */
  onRead(viewer: Viewer, seen: readonly string[]): Promise<void>;
  onError(error: unknown): void;
}

/** Reading for a crowd together costs half of reading for each as they come. */
const EVERY_MS = 100;
const BURST = 20;

export function createSeenReader(
  deps: Pick<ChatroomDeps, "views" | "pool" | "clock">,
  listener: SeenListener,
): SeenReader {
  let waiting: Viewer[] = [];

  async function read(viewer: Viewer): Promise<void> {
    try {
      const ids = await deps.views.seenIds(viewer.userId);
      // The pool's own strings, so that viewers share them.
      const seen = ids.map((id) => deps.pool.get(id)?.id).filter((id) => id !== undefined);
      await listener.onRead(viewer, seen);
    } catch (error) {
      listener.onError(error);
    }
  }

  const reading = createPaced(deps.clock, EVERY_MS, () => {
    const crowd = waiting;
    waiting = [];
    void inBursts(crowd, BURST, read);
  });

  return {
    ask(viewer) {
      waiting.push(viewer);
      reading.touch();
    },
    cancel() {
      waiting = [];
      reading.cancel();
    },
  };
}
