import type { StoredConversation } from "#schema/stored/conversation.ts";
import { toUniqueId } from "#schema/stored/unique-conversation.ts";
import type { Difficulty, GenerationMethod } from "#schema/vocabulary.ts";
import { createRng } from "../rng.ts";
import { runOffline } from "../run-task.ts";
import type { RunTask } from "../task.ts";
import type { NoveltyLedger } from "../writer/novelty/ledger.ts";
import { toHour } from "./batch-hours.ts";
import { checkDialogue } from "./check-dialogue.ts";
import { openModelWriter, type ModelWriterDeps } from "./model-writer.ts";
import { toConversation, toOrder, type Order, type Written } from "./order.ts";
import type { TopicsPort, ViewsPort } from "./ports.ts";
import { readTopics } from "./read-topics.ts";
import { RECENT_TOPICS } from "./user-memory.ts";

/** What a conversation for one user is to be. */
export interface UniqueWish {
  readonly userId: string;
  /** How many roles the user's active chatlings can fill. */
  readonly capacity: number;
  readonly topicId?: string | undefined;
  readonly difficulty?: Difficulty | undefined;
}

export interface UniqueWriterDeps extends Omit<ModelWriterDeps, "runTask"> {
  /** Runs tasks which count to the user's arms and are the server's to pay. */
  readonly runTaskFor: (userId: string) => RunTask;
  readonly methodFor: (userId: string) => GenerationMethod;
  readonly topics: TopicsPort;
  readonly views: Pick<ViewsPort, "recent">;
  /** What is said in the pool, as far as this process knows. */
  readonly ledger: NoveltyLedger;
  readonly contentVersion: string;
  /** A model's text was held against the pool's rules. */
  readonly onChecked: (userId: string, passed: boolean) => void;
  readonly onWritten: (userId: string) => void;
  readonly newId: () => string;
}

/** Null where nothing can be written that is wished. @throws what the store throws, and when `signal` is aborted */
export type WriteUnique = (wish: UniqueWish, signal: AbortSignal) => Promise<StoredConversation | null>;

const ASKS = 2;
const LIFE_MS = 24 * 3_600_000;
/** Any so many plans in a row hold every difficulty in every size. */
const PLANS = 25;

/** Writes conversations for one user alone, planned, told and checked like those of the pool. */
export function createUniqueWriter(deps: UniqueWriterDeps): WriteUnique {
  const { task, clock, ledger, onChecked, onWritten } = deps;

  /** A topic the user has not had lately, where there is one. */
  async function chooseTopics({ userId, topicId }: UniqueWish) {
    const topics = await readTopics(deps.topics);
    if (topicId !== undefined) return topics.filter(({ id }) => id === topicId);
    const recent = new Set((await deps.views.recent(userId, RECENT_TOPICS)).map((view) => view.topicId));
    const fresh = topics.filter(({ id }) => !recent.has(id));
    return fresh.length > 0 ? fresh : topics;
  }

  async function plan(wish: UniqueWish): Promise<Order | null> {
    const topics = await chooseTopics(wish);
    if (topics.length === 0) return null;
    const id = toUniqueId(deps.newId());
    const approach = { method: deps.methodFor(wish.userId) };
    const source = { hour: id, topics, attempt: 0, contentVersion: deps.contentVersion };
    for (let index = 0; index < PLANS; index++) {
      const order = toOrder({ ...source, index, approach: () => approach });
      if (suits(toShape(order), wish)) return { ...order, id };
    }
    return null;
  }

  async function askModels(order: Order, userId: string, signal: AbortSignal): Promise<Written | null> {
    const { method } = order.approach;
    if (method === "template") return null;
    const models = openModelWriter({ ...deps, runTask: deps.runTaskFor(userId) }, signal);
    for (let asked = 1; asked <= ASKS; asked++) {
      const answer = await models.ask(order, method, asked);
      signal.throwIfAborted();
      if ("missing" in answer) return null;
      const { dialogue, told, model } = answer;
      const passed = checkDialogue({ messages: dialogue.messages, told, ledger }).length === 0;
      onChecked(userId, passed);
      if (passed) return { dialogue, method, model };
    }
    return null;
  }

  async function writeOffline(order: Order, signal: AbortSignal): Promise<Written> {
    const scope = { conversationId: order.id, signal, rng: createRng(order.seed), clock };
    const { output } = await runOffline(task, order.request, scope);
    return { dialogue: output, method: "template" };
  }

  return async (wish, signal) => {
    const order = await plan(wish);
    if (order === null) return null;
    const written = (await askModels(order, wish.userId, signal)) ?? (await writeOffline(order, signal));
    onWritten(wish.userId);
    const nowMs = clock.nowMs();
    const conversation = toConversation({ ...order, hour: toHour(nowMs) }, written, nowMs);
    return { ...conversation, batchSlot: order.id, expiresAtMs: nowMs + LIFE_MS };
  };
}

const toShape = ({ plan }: Order) => ({
  topicId: plan.topic.id,
  difficulty: plan.difficulty,
  participantCount: plan.roles.length,
});

/** Whether a conversation is what is wished. */
export function suits(
  given: Pick<StoredConversation, "topicId" | "difficulty" | "participantCount">,
  { capacity, topicId, difficulty }: UniqueWish,
): boolean {
  return (
    given.participantCount <= capacity &&
    (topicId === undefined || topicId === given.topicId) &&
    (difficulty === undefined || difficulty === given.difficulty)
  );
}
