import type { LanguageModel, ModelReply, Signed } from "../model.ts";
import { ProviderError } from "../providers/provider-error.ts";

/** A reply, and which target of the chain gave it. */
export interface ChainReply<Target> {
  readonly reply: ModelReply;
  readonly target: Target;
}

/** Why the next model of a chain was asked. */
export type SwitchReason = ProviderError | "refused";

/** What is asked of whom when it is a target's turn. */
export interface Opened<Request extends Signed> {
  readonly model: LanguageModel<Request>;
  readonly request: Request;
}

export interface ChainOptions<Target, Request extends Signed> {
  readonly open: (target: Target) => Opened<Request>;
  /** Told of every target that did not serve, in order. */
  readonly onSwitch?: (target: Target, reason: SwitchReason) => void;
  /** Text as it comes; from the first of it on, no other model is asked. */
  readonly onText?: ((text: string) => void) | undefined;
  /** In which order the rest of the chain is asked after a refusal; as it was, unless given. */
  readonly afterRefusal?: (by: Target, rest: readonly Target[]) => readonly Target[];
}

/** No model of the chain answered; holds why, one for each. */
export class ChainFailedError extends Error {
  readonly reasons: readonly ProviderError[];
  constructor(reasons: readonly ProviderError[]) {
    super(`no model answered: ${reasons.map(({ message }) => message).join(", ") || "the chain is empty"}`);
    this.name = "ChainFailedError";
    this.reasons = reasons;
  }
}

/**
 * Asks the models of the targets in order until one answers. Whatever fails goes on to the next one, and so does a
 * refusal: another model may be less restrictive. When all that answer refuse, the first refusal is the reply. With
 * `onText`, the answer is streamed: one that breaks off after its first words is the reply, marked truncated and without
 * usage, for what was delivered cannot be taken back.
 * @throws ChainFailedError when none answered, ProviderError when the call was aborted
 */
export async function askChain<Target, Request extends Signed>(
  targets: readonly Target[],
  options: ChainOptions<Target, Request>,
): Promise<ChainReply<Target>> {
  const reasons: ProviderError[] = [];
  let refusal: ChainReply<Target> | undefined;
  let line = targets;
  for (let at = 0; at < line.length; at++) {
    const target = line[at] as Target;
    try {
      const { model, request } = options.open(target);
      const { onText } = options;
      const answer = onText
        ? await listen(model, request, onText)
        : { reply: await model.generate(request), hasBegun: false };
      const { reply } = answer;
      if (reply.stop !== "refused" || answer.hasBegun) return { reply, target };
      // What it said instead of an answer is none.
      refusal ??= { reply: { ...reply, text: "" }, target };
      options.onSwitch?.(target, "refused");
      if (options.afterRefusal)
        line = [...line.slice(0, at + 1), ...options.afterRefusal(target, line.slice(at + 1))];
    } catch (error) {
      if (!(error instanceof ProviderError) || error.fault === "aborted") throw error;
      reasons.push(error);
      options.onSwitch?.(target, error);
    }
  }
  if (refusal) return refusal;
  throw new ChainFailedError(reasons);
}

interface Heard {
  readonly reply: ModelReply;
  /** Whether any of its text was delivered. */
  readonly hasBegun: boolean;
}

/** Hands the text of one model's stream on as it comes. */
async function listen<Request extends Signed>(
  model: LanguageModel<Request>,
  request: Request,
  onText: (text: string) => void,
): Promise<Heard> {
  let text = "";
  try {
    for await (const event of model.stream(request)) {
      if (event.type === "end") return { reply: event.reply, hasBegun: text !== "" };
      if (event.type === "progress" || event.text === "") continue;
      text += event.text;
      onText(event.text);
    }
    throw new ProviderError(model.provider, "interrupted");
  } catch (error) {
    // Whoever has gone needs no reply; one who only would wait no longer keeps what was delivered.
    if (!(error instanceof ProviderError) || request.signal.aborted || text === "") throw error;
    return { reply: { text, stop: "truncated", usage: undefined, servedBy: model.model }, hasBegun: true };
  }
}
