import { ArraySchema, MapSchema } from "@colyseus/schema";
import type { Clock } from "#ai/clock.ts";
import { createRng } from "#ai/rng.ts";
import { LineState, RoleState, type ChatroomState } from "#schema/chatroom-state.ts";
import type { StoredConversation } from "#schema/stored/conversation.ts";
import { createScript, momentAt, type Script } from "./script.ts";

/** Pause between two conversations. */
const INTERMISSION_MS = 8000;
/** How soon an idle stage looks for a conversation again. */
const RETRY_MS = 5000;

/** `startedAtMs` of a conversation that waits for its first viewer. */
const UNSTARTED = 0;

export interface StageHost {
  readonly state: ChatroomState;
  readonly clock: Clock;
  /** 1 is real time; 2 plays everything in half the time. */
  readonly playbackSpeed: number;
  /** Asked once an intermission begins, and again every few seconds while the answer is null. */
  chooseNext(): Promise<StoredConversation | null>;
  /** The state has changed in a way viewers should see now. */
  onChange(): void;
  /** A conversation took the stage from the previous one; the state shows it. */
  onOpen(conversation: StoredConversation, previous: StoredConversation | null): void;
  /** The last line has been read; the conversation stays visible until the next one opens. */
  onEnd(conversation: StoredConversation): void;
  /** It is known what comes next. */
  onNext(conversation: StoredConversation): void;
  /** Nothing is left to be played; told once, then the stage goes on looking. */
  onIdle(): void;
  /** `chooseNext` failed; the stage tries again. */
  onError(error: unknown): void;
}

/**
 * Plays one conversation after the other into a state that all viewers share. What is shown follows from the
 * clock alone, so whoever comes late or comes back sees the same, and times do not drift.
 */
export interface Stage {
  /** What is on stage; null before the first. */
  readonly current: StoredConversation | null;
  /** What follows, during the intermission, once chosen. */
  readonly next: StoredConversation | null;
  /** Unix time at which the current conversation ends; 0 while it waits for its first viewer. */
  readonly endsAtMs: number;
  /** Puts a conversation on stage; it starts at once, or with `wake` when the stage is asleep. */
  open(conversation: StoredConversation): void;
  /** Brings the state up to the present and keeps it there. */
  wake(): void;
  /** Stops all timers, as long as nobody is there. */
  sleep(): void;
  /** Chooses the next conversation anew, when the chosen one is gone from the pool. */
  rechoose(): void;
}

export function createStage(host: StageHost): Stage {
  const { state, clock, playbackSpeed } = host;
  let current: StoredConversation | null = null;
  let script: Script = { lines: [], endMs: 0 };
  let next: StoredConversation | null = null;
  let choosing = false;
  let isIdle = false;
  let awake = false;
  let cancelTimer: (() => void) | null = null;

  const inRealTime = (durationMs: number): number => Math.round(durationMs / playbackSpeed);

  function runAt(atMs: number): void {
    cancelTimer?.();
    cancelTimer =
      Number.isFinite(atMs) && awake ? clock.after(Math.max(0, atMs - clock.nowMs()), advance) : null;
  }

  function advance(): void {
    cancelTimer = null;
    if (!awake || !current) return;
    if (state.phase === "playing") play(current);
    else if (next && clock.nowMs() >= state.nextAtMs) open(next);
    else if (next) runAt(state.nextAtMs);
    else void choose();
  }

  function play(conversation: StoredConversation): void {
    const elapsedMs = clock.nowMs() - state.startedAtMs;
    const moment = momentAt(script, elapsedMs);
    const isChanged = showMoment(moment.delivered, moment.typingSlot);
    if (elapsedMs >= script.endMs) {
      end(conversation);
      return;
    }
    if (isChanged) host.onChange();
    runAt(state.startedAtMs + moment.nextMs);
  }

  function showMoment(delivered: number, typingSlot: number): boolean {
    const isChanged = state.lines.length < delivered || state.typingSlot !== typingSlot;
    for (const line of script.lines.slice(state.lines.length, delivered)) {
      const { order, slot, text, sentiment, atMs } = line;
      state.lines.push(new LineState({ order, slot, text, sentiment, atMs }));
    }
    state.typingSlot = typingSlot;
    return isChanged;
  }

  function end(conversation: StoredConversation): void {
    state.phase = "intermission";
    state.typingSlot = -1;
    // After a sleep the end may lie far back; the pause is still given.
    state.nextAtMs = clock.nowMs() + inRealTime(INTERMISSION_MS);
    host.onChange();
    host.onEnd(conversation);
    void choose();
  }

  async function choose(): Promise<void> {
    if (choosing) return;
    choosing = true;
    let chosen: StoredConversation | null = null;
    try {
      chosen = await host.chooseNext();
    } catch (error) {
      host.onError(error);
    } finally {
      choosing = false;
    }
    if (state.phase !== "intermission") return;
    next = chosen;
    if (!chosen) {
      if (!isIdle) {
        isIdle = true;
        state.nextAtMs = 0;
        state.nextTopic = "";
        host.onChange();
        host.onIdle();
      }
      runAt(clock.nowMs() + inRealTime(RETRY_MS));
      return;
    }
    isIdle = false;
    if (state.nextAtMs === 0) state.nextAtMs = clock.nowMs() + inRealTime(INTERMISSION_MS);
    state.nextTopic = chosen.topicText;
    host.onChange();
    host.onNext(chosen);
    runAt(state.nextAtMs);
  }

  function open(conversation: StoredConversation): void {
    const previous = current;
    current = conversation;
    next = null;
    script = createScript(conversation, createRng(conversation.id), playbackSpeed);
    state.conversationId = conversation.id;
    state.conversationNumber++;
    state.lineCount = script.lines.length;
    state.topicId = conversation.topicId;
    state.topic = conversation.topicText;
    state.sentiment = conversation.overallSentiment;
    state.difficulty = conversation.difficulty;
    state.phase = "playing";
    state.startedAtMs = awake ? clock.nowMs() : UNSTARTED;
    state.nextAtMs = 0;
    state.nextTopic = "";
    state.typingSlot = -1;
    // New collections rather than emptied ones: whatever a client has or missed of the old conversation, none
    // of it can be taken for the new one.
    state.roles = new ArraySchema(
      ...conversation.roles.map(({ slot, archetype }) => new RoleState({ slot, archetype })),
    );
    state.lines = new ArraySchema<LineState>();
    state.reactions = new MapSchema<number>();
    host.onChange();
    host.onOpen(conversation, previous);
    advance();
  }

  return {
    get current() {
      return current;
    },
    get next() {
      return next;
    },
    get endsAtMs() {
      return state.startedAtMs === UNSTARTED ? 0 : state.startedAtMs + script.endMs;
    },
    open,
    wake() {
      if (awake) return;
      awake = true;
      // Whoever opens a room comes in as the first line is said: nobody's visit begins with an empty stage.
      if (current && state.startedAtMs === UNSTARTED)
        state.startedAtMs = clock.nowMs() - (script.lines[0]?.atMs ?? 0);
      advance();
    },
    sleep() {
      awake = false;
      cancelTimer?.();
      cancelTimer = null;
    },
    rechoose() {
      if (state.phase !== "intermission" || !next) return;
      next = null;
      void choose();
    },
  };
}
