import { createPaced } from "../plugins/paced.ts";
import type { Clock } from "#ai/clock.ts";
import type { ChatroomState } from "#schema/chatroom-state.ts";
import type { ReactionEmoji } from "#schema/vocabulary.ts";

const FLUSH_EVERY_MS = 500;

/** One viewer's reactions to the conversation on stage; null until the first. */
export interface Reactor {
  reacted: Set<string> | null;
}

/** Counts what viewers feel about the lines on stage. */
export interface Reactions {
  /** Counts a reaction once per viewer, line and emoji. */
  react(reactor: Reactor, order: number, emoji: ReactionEmoji): "counted" | "repeated" | "unknown-line";
  /** Starts from nothing, for the next conversation. */
  reset(): void;
  cancel(): void;
}

/** Reactions reach the state at most twice a second, together. */
export function createReactions(state: ChatroomState, clock: Clock, onChange: () => void): Reactions {
  let changed = new Map<string, number>();
  const paced = createPaced(clock, FLUSH_EVERY_MS, () => {
    if (changed.size === 0) return;
    for (const [key, count] of changed) state.reactions.set(key, count);
    changed = new Map();
    onChange();
  });
  return {
    react(reactor, order, emoji) {
      if (!state.lines.some((line) => line.order === order)) return "unknown-line";
      const key = `${order}:${emoji}`;
      reactor.reacted ??= new Set();
      if (reactor.reacted.has(key)) return "repeated";
      reactor.reacted.add(key);
      changed.set(key, (changed.get(key) ?? state.reactions.get(key) ?? 0) + 1);
      paced.touch();
      return "counted";
    },
    reset() {
      changed = new Map();
    },
    cancel: () => paced.cancel(),
  };
}
