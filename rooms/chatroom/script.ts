import type { Rng } from "#ai/rng.ts";
import type { StoredConversation } from "#schema/stored/conversation.ts";
import type { ArchetypeId } from "#schema/vocabulary.ts";

/** When one line is written and when it appears, in milliseconds after the conversation's start. */
export interface ScriptedLine {
  readonly order: number;
  readonly slot: number;
  readonly text: string;
  readonly sentiment: string;
  readonly typingFromMs: number;
  readonly atMs: number;
}

export interface Script {
  readonly lines: readonly ScriptedLine[];
  /** When the last line has been read. */
  readonly endMs: number;
}

/** Where a script stands at one moment. */
export interface Moment {
  /** How many lines have appeared. */
  readonly delivered: number;
  /** Slot that is typing; -1 when nobody is. */
  readonly typingSlot: number;
  /** When the next thing happens, on the script's own time; `Infinity` after the end. */
  readonly nextMs: number;
}

/** Time between two lines stays within these bounds, as in a messenger chat. */
const SHORTEST_GAP_MS = 2500;
const LONGEST_GAP_MS = 6000;
const SHORTEST_TYPING_MS = 900;
/** Even the fastest writer first looks at what was said. */
const GLANCE_MS = 350;

/** Factor on the time to type. */
const PACE: Record<ArchetypeId, number> = {
  optimist: 0.95,
  skeptic: 1.05,
  peacemaker: 1.05,
  jokester: 0.85,
  leader: 0.9,
  shy: 1.25,
  rebel: 0.9,
  scholar: 1.15,
};

/** Names are filled in by the client; a typical one has six letters. */
const shownLength = (text: string): number => text.replaceAll(/\{slot:\d+\}/g, "Viewer").length;

/** Silent reading of about 40 characters a second, and a moment to take it in. */
const readingMs = (text: string): number => Math.min(2600, 500 + shownLength(text) * 25);

/** Quick thumbs: about 30 characters a second, and a moment to start. */
const typingMs = (text: string): number => Math.min(4000, SHORTEST_TYPING_MS + shownLength(text) * 33);

/** Times a conversation's lines; the same conversation, `rng` and speed give the same script. */
export function createScript(
  conversation: Pick<StoredConversation, "messages" | "roles">,
  rng: Rng,
  playbackSpeed: number,
): Script {
  const paceOf = new Map(conversation.roles.map((role) => [role.slot, PACE[role.archetype]]));
  const played = (scriptMs: number): number => Math.round(scriptMs / playbackSpeed);
  const lines: ScriptedLine[] = [];
  let previousAtMs = 0;
  let previousText = "";
  for (const message of conversation.messages) {
    const jitter = 0.85 + rng() * 0.3;
    const writingMs = typingMs(message.text) * (paceOf.get(message.slot) ?? 1);
    const wantedMs = (readingMs(previousText) + writingMs) * jitter;
    const gapMs = Math.min(LONGEST_GAP_MS, Math.max(SHORTEST_GAP_MS, wantedMs));
    const typedMs = Math.min(writingMs, gapMs - GLANCE_MS);
    const atMs = previousAtMs + gapMs;
    lines.push({
      order: message.order,
      slot: message.slot,
      text: message.text,
      sentiment: message.sentiment,
      typingFromMs: played(atMs - typedMs),
      atMs: played(atMs),
    });
    previousAtMs = atMs;
    previousText = message.text;
  }
  return { lines, endMs: played(previousAtMs + readingMs(previousText)) };
}

/** What is on stage `elapsedMs` after the start; whoever asks at that moment gets the same. */
export function momentAt(script: Script, elapsedMs: number): Moment {
  let delivered = 0;
  for (const line of script.lines) {
    if (line.atMs > elapsedMs) {
      const isTyping = line.typingFromMs <= elapsedMs;
      return isTyping
        ? { delivered, typingSlot: line.slot, nextMs: line.atMs }
        : { delivered, typingSlot: -1, nextMs: line.typingFromMs };
    }
    delivered += 1;
  }
  return { delivered, typingSlot: -1, nextMs: elapsedMs < script.endMs ? script.endMs : Infinity };
}
