import { GENERATION_METHODS, type GenerationMethod } from "#schema/vocabulary.ts";
import type { Clock } from "../clock.ts";
import { DIALOGUE_RULES, type DialogueRule } from "./check-dialogue.ts";
import {
  FALL_BACK_REASONS,
  MODEL_METHODS,
  type FallBackReason,
  type GenerationEvent,
} from "./generation-event.ts";
import { createWindowSums } from "./window-sums.ts";

/** How one method fared in the last 24 hours. */
export interface MethodFigures {
  /** Conversations stored. */
  readonly written: number;
  /** Texts that models wrote and that were not let in: all of them, and by each rule they broke. */
  readonly rejected: number;
  readonly rejected_by_rule: { readonly [R in DialogueRule]?: number };
  /** Conversations of this method that the offline writer wrote after all, counted as written under its own. */
  readonly fell_back: number;
  readonly fell_back_by_reason: { readonly [R in FallBackReason]?: number };
}

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

const FIELDS = [
  ...GENERATION_METHODS.map((method) => `written/${method}` as const),
  ...MODEL_METHODS.map((method) => `rejected/${method}` as const),
  ...MODEL_METHODS.flatMap((method) => DIALOGUE_RULES.map((rule) => `${rule}/${method}` as const)),
  ...MODEL_METHODS.flatMap((method) =>
    FALL_BACK_REASONS.map((reason) => `because ${reason}/${method}` as const),
  ),
] as const;
type Field = (typeof FIELDS)[number];

/** Counts, method by method, what became of the last 24 hours' conversations that this process wrote. */
export function createMethodFigures(clock: Clock) {
  const sums = createWindowSums<Field>(FIELDS, HOUR_MS / 6, DAY_MS);

  return {
    note(event: GenerationEvent): void {
      const amounts: Partial<Record<Field, number>> = {};
      if (event.type === "written") amounts[`written/${event.method}`] = 1;
      if (event.type === "fell-back") amounts[`because ${event.reason}/${event.method}`] = 1;
      if (event.type === "rejected") {
        amounts[`rejected/${event.method}`] = 1;
        for (const rule of event.rules) amounts[`${rule}/${event.method}`] = 1;
      }
      sums.add(clock.nowMs(), amounts);
    },
    figures(): Record<GenerationMethod, MethodFigures> {
      const sum = sums.sum(clock.nowMs(), DAY_MS);
      const of = (prefix: string, names: readonly string[], method: string) => {
        const counts = names.map((name) => [name, sum[`${prefix}${name}/${method}` as Field] ?? 0] as const);
        return Object.fromEntries(counts.filter(([, count]) => count > 0));
      };
      const figuresOf = (method: GenerationMethod): MethodFigures => {
        const byReason = of("because ", FALL_BACK_REASONS, method);
        return {
          written: sum[`written/${method}`],
          rejected: sum[`rejected/${method}` as Field] ?? 0,
          rejected_by_rule: of("", DIALOGUE_RULES, method),
          fell_back: Object.values(byReason).reduce((total, count) => total + count, 0),
          fell_back_by_reason: byReason,
        };
      };
      return { template: figuresOf("template"), llm: figuresOf("llm"), hybrid: figuresOf("hybrid") };
    },
  };
}
