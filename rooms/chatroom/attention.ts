import type { ChatroomState } from "#schema/chatroom-state.ts";

/** What an audience made of one conversation: sums only, of nobody in particular. */
export interface Watching {
  /** Viewers who saw the first line; nobody is counted twice for one conversation in one room. */
  readonly started: number;
  /** Those of them who were there for the last one. */
  readonly finished: number;
  readonly reactions: number;
}

/** Where a room tells what its audience does. */
export interface EngagementPort {
  /** A seat was taken. */
  entered(userId: string): void;
  /** It was given up for good. */
  left(userId: string): void;
  watched(watching: Watching): void;
}

/** Follows how many of a room's viewers see the conversation on stage from the first line to the last. */
export interface Attention {
  /** What whoever leaves now has had of the conversation: nothing where they saw no line of it while it played. */
  readonly shown: "part" | "nothing";
  /** A conversation took the stage before so many viewers; of the `away`, whoever comes back has yet to see it. */
  open(present: number, away: Iterable<object>): void;
  enter(): void;
  comeBack(viewer: object): void;
  /** One who was present left. */
  leave(): void;
  react(): void;
  /** The last line was read by so many. */
  end(present: number): void;
  close(): void;
}

/**
 * Counts come from comings and goings, not from lines: whoever is there at the start or comes in while it plays sees
 * the first line, unless they leave before it; whoever is there at the end saw the last. One who is disconnected just
 * then is taken for gone.
 */
export function createAttention(
  state: Pick<ChatroomState, "phase" | "lines">,
  report: (watching: Watching) => void,
): Attention {
  let started = 0;
  let reactions = 0;
  let absent = new Set<object>();

  const isPlaying = (): boolean => state.phase === "playing";

  function tell(finished: number): void {
    if (started + reactions > 0) report({ started, finished, reactions });
    started = 0;
    reactions = 0;
  }

  return {
    get shown() {
      return isPlaying() && state.lines.length > 0 ? "part" : "nothing";
    },
    open(present, away) {
      tell(0);
      started = present;
      absent = new Set(away);
    },
    enter() {
      if (isPlaying()) started++;
    },
    comeBack(viewer) {
      if (absent.delete(viewer) && isPlaying()) started++;
    },
    leave() {
      if (isPlaying() && state.lines.length === 0) started--;
    },
    react() {
      reactions++;
    },
    end: (present) => tell(present),
    close: () => tell(0),
  };
}
