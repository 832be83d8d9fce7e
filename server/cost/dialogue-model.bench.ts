import { readStarterTopics } from "#data/content/read-starter-topics.ts";
import { checkDialogue } from "#ai/pool/check-dialogue.ts";
import { createRng } from "#ai/rng.ts";
import { PoolOrder } from "#ai/tasks/pool-order.ts";
import { createNoveltyLedger, type Noted } from "#ai/writer/novelty/ledger.ts";
import { type WrittenMessage, writeConversation } from "#ai/writer/write-conversation.ts";

/** A stand-in for a good model: reads the order out of a prompt and writes what the pool lets in. */
export interface DialogueModel {
  /** Conversations of others, which it is not to repeat; the first to leave the pool come first. */
  learn(conversations: readonly Noted[]): void;
  /** Begun anew where the pool would refuse it. @throws when the prompt holds no order */
  write(question: string, told: string, seed: string): WrittenMessage[];
}

/** A day's pool, of which nothing has left yet when an hour's batch is added, and some that were not let in. */
const REMEMBERED = 2_600;
const DRAFTS = 8;

export function createDialogueModel(): DialogueModel {
  const topics = new Map(readStarterTopics(0).map((topic) => [topic.text, topic]));
  const ledger = createNoveltyLedger();
  const ids: string[] = [];
  let written = 0;

  function note(conversation: Noted): void {
    ledger.add(conversation);
    ids.push(conversation.id);
    if (ids.length > REMEMBERED) ledger.remove(ids.shift() ?? "");
  }

  function readOrder(question: string): PoolOrder {
    const [, text = ""] = /<topic [^>]*>\n(.*)\n<\/topic>/.exec(question) ?? [];
    const [, difficulty] = /^Difficulty (\w+):/m.exec(question) ?? [];
    const roles = question.matchAll(/slot (\d) is the (\w+)/g);
    return PoolOrder.parse({
      topic: topics.get(text),
      difficulty,
      roles: [...roles].map(([, slot, archetype]) => ({ slot: Number(slot), archetype })),
    });
  }

  return {
    learn(conversations) {
      for (const conversation of conversations) note(conversation);
    },
    write(question, told, seed) {
      const { topic, roles, difficulty } = readOrder(question);
      for (let draft = 1; ; draft++) {
        const rng = createRng(`${seed}/${draft}`);
        const messages = writeConversation({ topic, roles, difficulty }, rng, ledger);
        if (draft < DRAFTS && checkDialogue({ messages, told, ledger }).length > 0) continue;
        const cores = messages.map(({ core }) => core).join(" ");
        note({ id: `written-${written++}`, topicId: topic.id, messages, cores });
        return messages;
      }
    },
  };
}
