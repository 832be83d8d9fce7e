import { randomUUID } from "node:crypto";
import type { Presence } from "@colyseus/core";
import type { Log } from "./log.ts";

/** News of collections that changed, among all processes. */
export interface CastChanges {
  /** A collection changed here; listeners here are called at once. */
  tell(userId: string): void;
  /** Calls back with each user whose collection changed anywhere, in the order of subscription; returns how to stop. */
  subscribe(listener: (userId: string) => void): () => void;
  /** Follows what changes in other processes. */
  listen(): Promise<void>;
}

export interface CastChangesOptions {
  /** What the processes are connected by, once they are. */
  readonly presence: () => Pick<Presence, "publish" | "subscribe">;
  readonly log: Log;
}

interface Change {
  readonly userId: string;
  readonly origin: string;
}

const CHANGES = "parley:cast-changes";

/** One subscription per process, however many rooms and viewers listen. */
export function createCastChanges({ presence, log }: CastChangesOptions): CastChanges {
  const origin = randomUUID();
  const listeners = new Set<(userId: string) => void>();

  function note(userId: string): void {
    for (const listener of listeners) listener(userId);
  }

  /** Others are told when they can be; until then they go by what they remember. */
  async function publish(userId: string): Promise<void> {
    const change: Change = { userId, origin };
    try {
      await presence().publish(CHANGES, change);
    } catch (err) {
      log.warn({ err }, "a changed collection could not be told to other processes");
    }
  }

  return {
    tell(userId) {
      note(userId);
      void publish(userId);
    },
    subscribe(listener) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    async listen() {
      await presence().subscribe(CHANGES, (change: Change) => {
        if (change.origin !== origin) note(change.userId);
      });
    },
  };
}
