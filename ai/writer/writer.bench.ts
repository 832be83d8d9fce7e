import { readStarterTopics } from "#data/content/read-starter-topics.ts";
import { defineBench, type BenchContext } from "#loadtest/define-bench.ts";
import type { GateReading } from "#loadtest/judge-gate.ts";
import { planConversation } from "../pool/plan.ts";
import { createRng } from "../rng.ts";
import { measurePool, type MeasuredConversation, type PoolMeasures } from "../text-metrics/measure-pool.ts";
import { createNoveltyLedger } from "./novelty/ledger.ts";
import { readWriterContent } from "./read-content.ts";
import { writeConversation } from "./write-conversation.ts";

const HOURS = 24;
const PER_HOUR = 100;
const QUICK_HOURS = 2;

/** A gate of the table in the facts on dialogue: the worst seed counts. */
type Gate = readonly [
  name: string,
  read: (measures: PoolMeasures) => number,
  limit: number,
  better: "lower" | "higher",
];

const GATES: readonly Gate[] = [
  ["fewest messages in a conversation", (it) => it.fewestMessages, 5, "higher"],
  ["most messages in a conversation", (it) => it.mostMessages, 12, "lower"],
  ["messages in a conversation, mean, from", (it) => it.messagesPerConversation, 7.3, "higher"],
  ["messages in a conversation, mean, to", (it) => it.messagesPerConversation, 8.7, "lower"],
  ["words in a message, mean, from", (it) => it.wordsPerMessage, 9, "higher"],
  ["words in a message, mean, to", (it) => it.wordsPerMessage, 15, "lower"],
  ["words in a message, p10", (it) => it.wordsP10, 4, "lower"],
  ["distinct-2", (it) => it.distinct2, 0.45, "higher"],
  ["distinct-3", (it) => it.distinct3, 0.8, "higher"],
  ["self-BLEU-4", (it) => it.selfBleu, 0.28, "lower"],
  ["MTLD", (it) => it.mtld, 85, "higher"],
  ["repeated messages of five words and more, share", (it) => it.exactRepeats, 0, "lower"],
  ["most repeated message of up to four words, times", (it) => it.shortMost, 20, "lower"],
  ["messages with a 6-gram of three messages, share", (it) => it.sixGramShare, 0.05, "lower"],
  ["near-duplicate messages, share", (it) => it.nearDuplicateMessages, 0.03, "lower"],
  ["near-duplicate conversations, share", (it) => it.nearDuplicateConversations, 0.001, "lower"],
  ["most common opening, share", (it) => it.commonestOpening, 0.01, "lower"],
  ["neighbors that share a content word, from", (it) => it.adjacentShare, 0.4, "higher"],
  ["neighbors that share a content word, to", (it) => it.adjacentShare, 0.75, "lower"],
  ["… as often as random pairs", (it) => it.adjacentShare / it.randomShare, 5, "higher"],
  ["questions, from", (it) => it.questions, 0.2, "higher"],
  ["questions, to", (it) => it.questions, 0.35, "lower"],
  ["Flesch-Kincaid grade, from", (it) => it.grade, 2, "higher"],
  ["Flesch-Kincaid grade, to", (it) => it.grade, 6, "lower"],
  ["archetype guessed from one message", (it) => it.authorGuessed, 0.45, "higher"],
  ["one viewer's 20: messages that share a 6-gram", (it) => it.viewerSharedMessages, 1, "lower"],
];

interface Pool {
  readonly measures: PoolMeasures;
  readonly perSecond: number;
}

export const bench = defineBench({
  name: "writer",
  summary: "a day's pool written offline: repetition, coherence, voices and speed",
  comparesWith:
    "the gates of the table in facts/dialogue-quality.md, which stand beside its reference corpora",
  run(context) {
    const pools = (context.quick ? context.seeds.slice(0, 1) : context.seeds).map((seed) =>
      writePool(context, seed),
    );
    const worst = (read: (measures: PoolMeasures) => number, better: "lower" | "higher"): number => {
      const values = pools.map(({ measures }) => read(measures));
      return better === "lower" ? Math.max(...values) : Math.min(...values);
    };
    // The worst seed counts, so there is no noise to speak of; but a smoke run's pool is too small to be judged.
    const judged = context.quick ? { noise: 0 } : {};
    const gates: GateReading[] = GATES.map(([name, read, limit, better]) => ({
      name,
      value: worst(read, better),
      limit,
      better,
      ...judged,
    }));
    gates.push({
      name: "conversations written a second, on one core",
      value: Math.min(...pools.map(({ perSecond }) => perSecond)),
      limit: 500,
      better: "higher",
      ...judged,
    });
    const [first] = pools;
    return Promise.resolve({ figures: { ...first?.measures, seeds: pools.length }, gates });
  },
});

/** As the hourly job writes them: its topics, its plans, one ledger. */
function writePool(context: BenchContext, seed: string): Pool {
  const hours = context.quick ? QUICK_HOURS : HOURS;
  context.progress(`seed ${seed}: ${hours * PER_HOUR} conversations`);
  readWriterContent();
  const topics = readStarterTopics(0);
  const ledger = createNoveltyLedger();
  const pool: MeasuredConversation[] = [];
  const startedAt = performance.now();
  for (let hour = 0; hour < hours; hour++) {
    for (let index = 0; index < PER_HOUR; index++) {
      const name = `2026-01-01T${String(hour).padStart(2, "0")}`;
      const { topic, roles, difficulty } = planConversation(name, index, topics, seed);
      const id = `${name}-${index}`;
      const messages = writeConversation({ topic, roles, difficulty }, createRng(`${id}/${seed}`), ledger);
      ledger.add({ id, topicId: topic.id, messages, cores: messages.map(({ core }) => core).join(" ") });
      const authors = new Map(roles.map(({ slot, archetype }) => [slot, archetype]));
      pool.push({ messages: messages.map(({ text, slot }) => ({ text, author: authors.get(slot) ?? "" })) });
    }
  }
  const perSecond = pool.length / ((performance.now() - startedAt) / 1000);
  context.progress(`seed ${seed}: ${perSecond.toFixed(0)} a second; measuring`);
  return { measures: measurePool(pool, seed), perSecond };
}
