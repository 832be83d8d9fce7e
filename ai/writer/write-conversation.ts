import type { ArchetypeId, Difficulty, LineSentiment } from "#schema/vocabulary.ts";
import type { Rng } from "../rng.ts";
import { createDraftLedger, createNoveltyLedger, type NoveltyLedger } from "./novelty/ledger.ts";
import { FramePicker, NoFrameLeftError } from "./pick-frame.ts";
import type { Said } from "./pick-frame.ts";
import { planConversation, voiceOf } from "./plan-conversation.ts";
import { readWriterContent } from "./read-content.ts";
import { TopicWords } from "./topic-words.ts";
import type { WriterTopic } from "./topic-words.ts";
import { writeLine } from "./write-line.ts";

export interface ConversationOrder {
  readonly topic: WriterTopic & { readonly id: string };
  readonly roles: readonly { readonly slot: number; readonly archetype: ArchetypeId }[];
  readonly difficulty: Difficulty;
}

export interface WrittenMessage {
  readonly slot: number;
  readonly text: string;
  readonly sentiment: LineSentiment;
  /** The key of the frame it was made of. */
  readonly core: string;
}

/** Shares of lines that may name somebody; of two speakers everybody knows who is meant. */
const NAMING = 0.1;
const NAMING_OF_TWO = 0.05;

/** Drafts begun again when the content runs out of fitting frames on the way. */
const DRAFTS = 12;
/** Of these, begun again because a line could not be written without repeating something. */
const PICKY_DRAFTS = 11;

/**
 * Writes a whole conversation without any model; the same order, generator state and ledger give the same text. Other
 * speakers are named as `{slot:N}`. The ledger is only read: what is stored is noted by whoever stores it.
 */
export function writeConversation(
  order: ConversationOrder,
  rng: Rng,
  ledger: NoveltyLedger = createNoveltyLedger(),
): WrittenMessage[] {
  for (let draft = 1; ; draft++) {
    try {
      const { messages, isForced } = writeDraft(order, rng, ledger);
      if (!isForced || draft >= PICKY_DRAFTS) return messages;
    } catch (error) {
      if (!(error instanceof NoFrameLeftError) || draft === DRAFTS) throw error;
    }
  }
}

interface Draft {
  readonly messages: WrittenMessage[];
  readonly isForced: boolean;
}

function writeDraft(order: ConversationOrder, rng: Rng, ledger: NoveltyLedger): Draft {
  const content = readWriterContent();
  const roles = order.roles.toSorted((a, b) => a.slot - b.slot);
  const words = new TopicWords(order.topic, content.news, rng);
  const plan = planConversation(content, { roles, difficulty: order.difficulty, mode: words.mode }, rng);
  const { difficulty } = order;
  const picker = new FramePicker({ content, words, topicId: order.topic.id, difficulty, uses: ledger }, rng);
  const draft = createDraftLedger(ledger);
  const naming = roles.length > 2 ? NAMING : NAMING_OF_TWO;
  const said: Said[] = [];
  const messages: WrittenMessage[] = [];
  let isForced = false;
  for (const [at, beat] of plan.beats.entries()) {
    const next = plan.beats[at + 1];
    const isAskedWhy = next?.act === "ask" && next.form === "why";
    const role = roles[beat.slot];
    if (!role) throw new Error(`the plan names slot ${beat.slot}, which nobody plays`);
    const target = beat.to >= 0 ? said[beat.to] : undefined;
    const voice = voiceOf(content, role.archetype);
    const line = writeLine(
      { content, picker, ledger: draft, naming, isAskedWhy, words, voice, beat, target },
      rng,
    );
    draft.note(line.text);
    isForced ||= line.isForced;
    said.push(line.said);
    messages.push({ slot: beat.slot, text: line.text, sentiment: line.sentiment, core: line.frame.key });
  }
  return { messages, isForced };
}
