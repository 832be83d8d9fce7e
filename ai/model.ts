import type * as z from "zod";

/** How long the vendor should keep what stands before a mark, where it takes such marks. */
export type CacheSpan = "5m" | "1h";

/** A piece of the prompt. What stays the same from call to call comes first: a vendor's cache holds beginnings only. */
export interface PromptPart {
  readonly text: string;
  /** The prompt up to the end of this part is worth keeping. */
  readonly cache?: CacheSpan | undefined;
}

export interface PromptMessage extends PromptPart {
  readonly role: "user" | "assistant";
}

/** The shape an answer must have. */
export interface OutputSchema {
  /** Letters, digits, "_" and "-" only. */
  readonly name: string;
  /** A strict JSON schema: every field required, no other fields, no limits a vendor might refuse. */
  readonly json: z.core.JSONSchema.BaseSchema;
}

/** What can be aborted. */
export interface Signed {
  /** Aborting ends the call, whatever it waits for. */
  readonly signal: AbortSignal;
  /** From this moment on nobody waits for it any more, in Unix milliseconds. */
  readonly untilMs?: number | undefined;
}

export interface ModelRequest extends Signed {
  readonly system: readonly PromptPart[];
  readonly messages: readonly PromptMessage[];
  readonly output?: OutputSchema | undefined;
  readonly maxOutputTokens: number;
  /** 0 to 2; left out where the model takes none. */
  readonly temperature?: number | undefined;
  /** How much a model that thinks should do so. */
  readonly effort?: "low" | "medium" | "high" | undefined;
  /** Calls with the same key share a beginning. */
  readonly cacheKey?: string | undefined;
}

/** A request that nobody waits for: one of a batch. */
export type UnsignedRequest = Omit<ModelRequest, keyof Signed>;

/** Tokens of one call, none counted twice. */
export interface ModelUsage {
  readonly uncachedInputTokens: number;
  readonly cachedInputTokens: number;
  readonly cacheWriteTokens: Readonly<Record<CacheSpan, number>>;
  /** All that is billed as output, thinking included. */
  readonly outputTokens: number;
  /** Of these, what went into thinking. */
  readonly thinkingTokens: number;
}

/** The size of the whole prompt, whatever was kept of it. */
export function promptTokens({
  uncachedInputTokens,
  cachedInputTokens,
  cacheWriteTokens,
}: ModelUsage): number {
  return uncachedInputTokens + cachedInputTokens + cacheWriteTokens["5m"] + cacheWriteTokens["1h"];
}

/**
 * How an answer ended. A `refused` one was stopped by the model or a filter, before or in the middle of its text; a
 * `truncated` one hit the limit of tokens.
 */
export type StopReason = "complete" | "truncated" | "refused";

export interface ModelReply {
  readonly text: string;
  readonly stop: StopReason;
  /** Undefined when the vendor sent none. */
  readonly usage: ModelUsage | undefined;
  /** The model as the vendor named it. */
  readonly servedBy: string;
}

/**
 * A piece of text as it comes, and the whole reply at the end; what a model thinks is never handed on, only that it is at
 * work.
 */
export type ModelEvent =
  | { readonly type: "progress" }
  | { readonly type: "text"; readonly text: string }
  | { readonly type: "end"; readonly reply: ModelReply };

/** One model of one vendor. Errors are ProviderErrors; retries, limits and money are the gateway's. */
export interface LanguageModel<Request extends Signed = ModelRequest> {
  readonly provider: string;
  readonly model: string;
  /** @throws ProviderError */
  generate(request: Request): Promise<ModelReply>;
  /** Ends with an `end` event, or throws. @throws ProviderError */
  stream(request: Request): AsyncIterable<ModelEvent>;
}
