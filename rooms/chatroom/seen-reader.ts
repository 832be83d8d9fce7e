import type { ChatroomDeps } from "./deps.ts";
import type { Viewer } from "./viewer.ts";

/** Finds out what viewers have seen, off the path of their joining and one after the other. */
export interface SeenReader {
  ask(viewer: Viewer): void;
}

export interface SeenListener {
  /** `seen` holds conversations of the active pool only. */
  onRead(viewer: Viewer, seen: readonly string[]): Promise<void>;
  onError(error: unknown): void;
}

export function createSeenReader(
  deps: Pick<ChatroomDeps, "views" | "pool">,
  listener: SeenListener,
): SeenReader {
  const waiting: Viewer[] = [];
  let isReading = false;

  async function readAll(): Promise<void> {
    if (isReading) return;
    isReading = true;
    for (let viewer = waiting.shift(); viewer; viewer = waiting.shift()) {
      try {
        const ids = await deps.views.seenIds(viewer.userId);
        // The pool's own strings, so that viewers share them.
        const seen = ids.map((id) => deps.pool.get(id)?.id).filter((id) => id !== undefined);
        await listener.onRead(viewer, seen);
      } catch (error) {
        listener.onError(error);
      }
    }
    isReading = false;
  }

  return {
    ask(viewer) {
      waiting.push(viewer);
      void readAll();
    },
  };
}
