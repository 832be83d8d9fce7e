import type { ChatroomDeps } from "./deps.ts";
import type { Viewer } from "./viewer.ts";
import type { CastChatling } from "#ai/pool/casting.ts";

/**
 * Chatlings that changed while their owners watch. They are read when that is told, and wait for the next
 * conversation: whoever plays in the one on stage keeps the role to its end. Viewers whose collection stays as it is
 * cost nothing here.
 */
export interface Renewals {
  /** What the viewer has from the next conversation on. */
  latest(viewer: Viewer): readonly CastChatling[];
  /** A conversation begins: what was read so far takes the place of what viewers had. */
  apply(): void;
  /** Reads again what could not be read. */
  retry(): void;
  forget(viewer: Viewer): void;
  close(): void;
}

export interface RenewalsHost {
  /** Everybody who has a seat. */
  readonly viewers: readonly Iterable<Viewer>[];
  /** These chatlings will be used next. */
  onRead(viewer: Viewer, chatlings: readonly CastChatling[]): Promise<void>;
  onError(error: unknown): void;
}

export function createRenewals(
  deps: Pick<ChatroomDeps, "loadCast" | "onCastChange">,
  host: RenewalsHost,
): Renewals {
  const changed = new Set<Viewer>();
  const read = new Map<Viewer, readonly CastChatling[]>();
  let isReading = false;

  async function readOne(viewer: Viewer): Promise<boolean> {
    changed.delete(viewer);
    try {
      const chatlings = await deps.loadCast(viewer.userId);
      read.set(viewer, chatlings);
      await host.onRead(viewer, chatlings);
      return true;
    } catch (error) {
      host.onError(error);
      return false;
    }
  }

  /** One after the other, so that what was read last is the latest; who changes meanwhile gets another turn. */
  async function readChanged(): Promise<void> {
    if (isReading) return;
    isReading = true;
    const failed: Viewer[] = [];
    for (const viewer of changed) if (!(await readOne(viewer))) failed.push(viewer);
    for (const viewer of failed) changed.add(viewer);
    isReading = false;
  }

  const unfollow = deps.onCastChange((userId) => {
    for (const viewers of host.viewers) {
      for (const viewer of viewers) if (viewer.userId === userId) changed.add(viewer);
    }
    void readChanged();
  });

  return {
    latest: (viewer) => read.get(viewer) ?? viewer.chatlings,
    apply() {
      for (const [viewer, chatlings] of read) viewer.chatlings = chatlings;
      read.clear();
    },
    retry: () => void readChanged(),
    forget(viewer) {
      changed.delete(viewer);
      read.delete(viewer);
    },
    close: unfollow,
  };
}
