import type { ModelEntry, ProviderName } from "../catalogue/catalogue-schema.ts";
import { CENSORSHIPS } from "../catalogue/catalogue-schema.ts";
import { isPriced } from "../catalogue/cost-of.ts";
import type { Catalogue, ChainOrder, TaskPlan } from "../catalogue/read-catalogue.ts";
import type { Clock } from "../clock.ts";
import type { LanguageModel, ModelRequest, OutputSchema } from "../model.ts";
import { ProviderError } from "../providers/provider-error.ts";
import type { Rng } from "../rng.ts";
import type { Prompt } from "../task.ts";
import { askChain, ChainFailedError, type ChainReply, type SwitchReason } from "./ask-chain.ts";
import { SYSTEM_ACCOUNT } from "./ports.ts";
import { createRecovery } from "./recovery.ts";
import { createTally, type Tally } from "./tally.ts";
import {
  type Breaker,
  type BreakerLimits,
  type BreakerState,
  createBreaker,
  USUAL_BREAKER,
  withBreaker,
} from "./with-breaker.ts";
import { type MeterDeps, type Purpose, withMeter } from "./with-meter.ts";
import { type Permits, withPermits } from "./with-permits.ts";
import { type RetryLimits, USUAL_RETRY, withRetry } from "./with-retry.ts";
import { toModelRequest, withTarget } from "./with-target.ts";
import { type TimeLimits, USUAL_TIME_LIMITS, withTimeLimits } from "./with-time-limits.ts";

/** One question to whichever model can answer it. */
export interface Question {
  readonly purpose: Purpose;
  readonly prompt: Prompt;
  readonly output?: OutputSchema | undefined;
  readonly signal: AbortSignal;
  /** Asks for the answer as a stream. */
  readonly onText?: ((text: string) => void) | undefined;
  /** What the question has used so far; goes on counting. */
  readonly tally: Tally;
  /** Asked before all others: the model that gave the answer to be repaired. */
  readonly first?: ModelEntry | undefined;
  /** An experiment's order, in the place of all others. */
  readonly trial?: ChainOrder | undefined;
}

export interface Answer extends Pick<ChainReply, "reply"> {
  readonly target: ModelEntry;
}

/** The one way to a model: what it may cost, how often it is tried and who is asked next is decided behind it. */
export interface Gateway {
  /**
   * @throws ChainFailedError when no model answered, ProviderError with the fault `aborted` when the question's signal
   * was, and nothing else.
   */
  ask(question: Question): Promise<Answer>;
  /** How the providers are that have a key. */
  breakers(): ReadonlyMap<ProviderName, BreakerState>;
  close(): void;
}

export interface GatewayObserver {
  readonly onSwitch: (task: string, from: ModelEntry, reason: SwitchReason) => void;
  readonly onBreaker: (provider: ProviderName, state: BreakerState) => void;
}

export interface GatewayLimits {
  readonly retry: RetryLimits;
  readonly time: TimeLimits;
  readonly breaker: BreakerLimits;
  /** For a turn at the provider. */
  readonly longestWaitMs: number;
  /** For a whole question, however many models are asked. */
  readonly askMs: number;
}

const USUAL_LIMITS: GatewayLimits = {
  retry: USUAL_RETRY,
  time: USUAL_TIME_LIMITS,
  breaker: USUAL_BREAKER,
  longestWaitMs: 10_000,
  askMs: 90_000,
};

export interface GatewayDeps extends MeterDeps, GatewayObserver {
  readonly catalogue: Catalogue;
  readonly models: {
    readonly available: ReadonlySet<ProviderName>;
    get(target: ModelEntry): LanguageModel;
  };
  readonly order?: readonly ProviderName[] | undefined;
  readonly permits: (provider: ProviderName) => Permits;
  readonly rng: Rng;
  readonly clock: Clock;
  readonly limits?: Partial<GatewayLimits> | undefined;
}

/** Small enough to cost nothing worth speaking of. */
const TRIAL = { system: [], messages: [{ role: "user", text: "Answer with the word yes." }] } as const;
const TRIAL_TOKENS = 64;

export function createGateway(deps: GatewayDeps): Gateway {
  const { catalogue, models, clock } = deps;
  const limits = { ...USUAL_LIMITS, ...deps.limits };
  const breakers = new Map<ProviderName, Breaker>();
  const recovery = createRecovery({
    clock,
    pauseMs: limits.breaker.pauseMs,
    tryAgain: async (provider, signal) => await tryAgain(provider as ProviderName, signal),
  });
  for (const provider of models.available) {
    const breaker = createBreaker(limits.breaker, (state) => {
      deps.onBreaker(provider, state);
      if (state === "open") recovery.watch(provider);
    });
    breakers.set(provider, breaker);
  }

  const planFor = (task: string, trial?: ChainOrder): TaskPlan => {
    const plan = catalogue.plan(task, { available: models.available, order: deps.order, trial });
    return { ...plan, targets: plan.targets.filter((target) => isPriced(target, clock.nowMs())) };
  };

  /** What every call has, a trial too: its limits of time, and its bill. */
  const meter = (target: ModelEntry, purpose: Purpose, tally: Tally): LanguageModel => {
    const timed = withTimeLimits(models.get(target), { clock, limits: limits.time });
    return withMeter(timed, target, purpose, tally, deps);
  };

  /** The policies around one model, inside out: what a call may take, what it costs, its turn, its circuit, its retries. */
  const guard = (target: ModelEntry, plan: TaskPlan, purpose: Purpose, tally: Tally): LanguageModel => {
    const { provider } = target;
    const inTurn = withPermits(meter(target, purpose, tally), deps.permits(provider), {
      longestWaitMs: limits.longestWaitMs,
    });
    const breaker = breakers.get(provider);
    const guarded = breaker ? withBreaker(inTurn, breaker) : inTurn;
    const retried = withRetry(guarded, { clock, rng: deps.rng, limits: limits.retry });
    return withTarget(retried, target, plan);
  };

  async function tryAgain(provider: ProviderName, signal: AbortSignal): Promise<void> {
    const plan = planFor("default", [provider]);
    const [target] = plan.targets;
    if (!target) return;
    const purpose: Purpose = { task: "provider-trial", payer: { accountId: SYSTEM_ACCOUNT } };
    // Without retries: the next trial is the recovery's to make.
    const model = withBreaker(meter(target, purpose, createTally()), breakers.get(provider) as Breaker);
    await withTarget(model, target, plan).generate({ ...TRIAL, maxOutputTokens: TRIAL_TOKENS, signal });
  }

  return {
    async ask({ purpose, prompt, output, signal, onText, tally, first, trial }) {
      const plan = planFor(purpose.task, trial);
      const targets = first ? [first, ...plan.targets.filter((target) => target !== first)] : plan.targets;
      const byModel = new Map<LanguageModel, ModelEntry>();
      for (const target of targets) byModel.set(guard(target, plan, purpose, tally), target);
      const entryOf = (model: LanguageModel) => byModel.get(model) as ModelEntry;
      const deadline = openDeadline(signal, clock, limits.askMs);
      const request: ModelRequest = { ...toModelRequest(prompt, plan, output), signal: deadline.signal };
      try {
        const { reply, model } = await askChain([...byModel.keys()], request, {
          onSwitch: (model, reason) => deps.onSwitch(purpose.task, entryOf(model), reason),
          ...(onText && { onText }),
          isDropped: () => signal.aborted,
          afterRefusal: (by, rest) => lessRestrictiveFirst(entryOf(by), rest, entryOf),
        });
        return { reply, target: entryOf(model) };
      } catch (error) {
        if (!deadline.isOver() || error instanceof ChainFailedError) throw error;
        throw new ChainFailedError([new ProviderError("gateway", "timeout")]);
      } finally {
        deadline.end();
      }
    },
    breakers: () => new Map([...breakers].map(([provider, breaker]) => [provider, breaker.state()])),
    close: () => recovery.stop(),
  };
}

/** A signal that is aborted with the caller's, or when the time for a whole question is over. */
function openDeadline(signal: AbortSignal, clock: Clock, askMs: number) {
  const over = new AbortController();
  const cancel = clock.after(askMs, () => over.abort());
  return {
    signal: AbortSignal.any([signal, over.signal]),
    /** Whether it was the time, and not the caller. */
    isOver: () => over.signal.aborted && !signal.aborted,
    end: cancel,
  };
}

/** After a refusal, whoever refuses less readily comes first; the order stays as it was otherwise. */
function lessRestrictiveFirst(
  by: ModelEntry,
  rest: readonly LanguageModel[],
  entryOf: (model: LanguageModel) => ModelEntry,
): LanguageModel[] {
  const rank = (model: LanguageModel) => CENSORSHIPS.indexOf(entryOf(model).censorship);
  const isLess = (model: LanguageModel) => rank(model) < CENSORSHIPS.indexOf(by.censorship);
  return [...rest.filter(isLess), ...rest.filter((model) => !isLess(model))];
}
