import type { ModelEntry } from "../catalogue/catalogue-schema.ts";
import type { TaskPlan } from "../catalogue/read-catalogue.ts";
import type { OutputSchema, UnsignedRequest } from "../model.ts";
import type { Prompt } from "../task.ts";
import { prepareCaching } from "./prompt-cache.ts";

/** What a prompt asks of any model. */
export const toModelRequest = (
  { system, messages, cacheKey }: Prompt,
  { outputTokens: maxOutputTokens }: Pick<TaskPlan, "outputTokens">,
  output: OutputSchema | undefined,
): UnsignedRequest => ({
  system,
  messages,
  output,
  maxOutputTokens,
  cacheKey,
});

/** A request as it fits one model: its limit of tokens, the settings it takes, and what its cache has a use for. */
export function fitRequest(
  request: UnsignedRequest,
  target: ModelEntry,
  { temperature, effort }: TaskPlan,
): UnsignedRequest {
  const { takes, limits } = target;
  return {
    ...prepareCaching(request, target),
    maxOutputTokens: Math.min(request.maxOutputTokens, limits.outputTokens),
    temperature: takes.temperature ? temperature : undefined,
    effort: takes.effort ? effort : undefined,
  };
}
