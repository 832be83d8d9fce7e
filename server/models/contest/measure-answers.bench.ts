import { estimateShare } from "#ai/experiments/intervals.ts";
import { createRng, shuffle } from "#ai/rng.ts";
import { distinctShare } from "#ai/text-metrics/repetition.ts";
import { measureSharedContent } from "#ai/text-metrics/shared-content.ts";
import { toTokens } from "#ai/text-metrics/tokens.ts";
import type { Figures } from "#loadtest/define-bench.ts";
import { percentile } from "#loadtest/statistics.ts";
import type { Answered } from "./ask-contestants.bench.ts";

/** How many orders ended in which way; each in one. */
export interface Outcomes {
  readonly answered: number;
  readonly refused: number;
  readonly invalid: number;
  readonly failed: number;
  readonly overBudget: number;
}

export function countOutcomes(answers: readonly Answered[]): Outcomes {
  const count = (outcome: Answered["outcome"]) => answers.filter((each) => each.outcome === outcome).length;
  return {
    answered: count("answered"),
    refused: count("refused"),
    invalid: count("invalid"),
    failed: count("failed"),
    overBudget: count("over-budget"),
  };
}

/** distinct-2 falls as a text grows, so it is taken over so many tokens of everybody; who wrote fewer has none. */
const DISTINCT_TOKENS = 600;

/** One contestant's figures; what there is nothing of is null. */
export function measureAnswers(answers: readonly Answered[]): Figures {
  const outcomes = countOutcomes(answers);
  const sum = (read: (answer: Answered) => number) => answers.reduce((all, each) => all + read(each), 0);
  const written = answers.filter(({ outcome }) => outcome === "answered");
  const letIn = written.filter(({ isLetIn }) => isLetIn).length;
  const share = estimateShare(letIn, written.length);
  const tookMs = written.map((each) => each.tookMs);
  const figures = {
    orders: answers.length,
    answered: outcomes.answered,
    refused: outcomes.refused,
    "invalid, also after a repair": outcomes.invalid,
    failed: outcomes.failed,
    "over budget": outcomes.overBudget,
    "repaired, or tried to": sum(({ result }) => (result.repaired ? 1 : 0)),
    "answers by the pool's rules": letIn,
    "their share": share.value,
    "their share, 95 %, from": share.low,
    "their share, 95 %, to": share.high,
    "latency p50, ms": percentile(tookMs, 0.5),
    "latency p95, ms": percentile(tookMs, 0.95),
    "cost per conversation, USD": sum(({ result }) => result.costUsd) / written.length,
    "calls to the provider": sum(({ result }) => result.attempts),
    "input tokens": sum(({ result }) => result.usage.inputTokens),
    "of them cached": sum(({ result }) => result.usage.cachedTokens),
    "output tokens": sum(({ result }) => result.usage.outputTokens),
    ...measureTexts(written),
  };
  return Object.fromEntries(
    Object.entries(figures).map(([name, value]) => [name, Number.isFinite(value) ? value : null]),
  );
}

function measureTexts(written: readonly Answered[]): Record<string, number> {
  const conversations = written.map(({ result }) => result.output.messages.map(({ text }) => toTokens(text)));
  const rng = createRng("texts");
  const messages = shuffle(rng, conversations.flat());
  const isEnough = messages.flat().length >= DISTINCT_TOKENS;
  const isAny = conversations.length > 0;
  return {
    "distinct-2": isEnough ? distinctShare(messages, 2, DISTINCT_TOKENS) : Number.NaN,
    "neighbors that share a content word": isAny
      ? measureSharedContent(conversations, rng).adjacent
      : Number.NaN,
  };
}
