import type { RunTask, Scope, TaskResult } from "../task.ts";
import type { Dialogue, DialogueRequest } from "./dialogue.ts";

/** One call to a scripted model. */
export interface ScriptedAsk {
  readonly task: string;
  readonly input: DialogueRequest & { readonly draft?: Dialogue["messages"] };
  readonly scope: Scope;
  /** From 1. */
  readonly number: number;
}

const NOTHING = {
  attempts: 1,
  usage: { inputTokens: 0, cachedTokens: 0, cacheWriteTokens: 0, outputTokens: 0, thinkingTokens: 0 },
  costUsd: 0,
  costBreakdown: { input: 0, output: 0, cache: 0 },
};

type Answered = Dialogue | Pick<TaskResult<never>, "offlineReason">;

/** Runs tasks by a model that answers as the test wants, with a text or with why there is none; keeps each call. */
export function createScriptedRunTask(answer: (ask: ScriptedAsk) => Answered | Promise<Answered>) {
  const asks: ScriptedAsk[] = [];
  const runTask = (async ({ name }, input, scope) => {
    const ask = { task: name, input, scope, number: asks.length + 1 } as unknown as ScriptedAsk;
    asks.push(ask);
    const answered = await answer(ask);
    if ("messages" in answered) {
      return { ...NOTHING, output: answered, source: "model", provider: "groq", model: "gpt-oss" };
    }
    return { ...NOTHING, ...answered, output: { messages: [] }, source: "offline" };
  }) as RunTask;
  return { runTask, asks };
}
