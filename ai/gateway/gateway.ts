import { CENSORSHIPS, type ModelEntry } from "../catalogue/catalogue-schema.ts";
import { isPriced } from "../catalogue/cost-of.ts";
import type { Catalogue, ChainOrder, TaskPlan } from "../catalogue/read-catalogue.ts";
import type { Clock } from "../clock.ts";
import type { LanguageModel, OutputSchema } from "../model.ts";
import type { ProviderName } from "../providers/create-model.ts";
import { ProviderError } from "../providers/provider-error.ts";
import { rememberFor } from "../remember-for.ts";
import type { Rng } from "../rng.ts";
import type { Prompt } from "../task.ts";
import { askChain, ChainFailedError, type ChainReply, type SwitchReason } from "./ask-chain.ts";
import { fitRequest, toModelRequest } from "./fit-request.ts";
import { isOver } from "./is-over.ts";
import { SYSTEM_ACCOUNT } from "./ports.ts";
import { createRecovery } from "./recovery.ts";
import { Tally } from "./tally.ts";
import {
  type Breaker,
  type BreakerLimits,
  type BreakerState,
  createBreaker,
  USUAL_BREAKER,
  withBreaker,
} from "./with-breaker.ts";
import { type MeterDeps, type MeteredRequest, type Purpose, withMeter } from "./with-meter.ts";
import { type Permits, withPermits } from "./with-permits.ts";
import { type RetryLimits, USUAL_RETRY, withRetry } from "./with-retry.ts";
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

export type Answer = ChainReply<ModelEntry>;

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

  const readPlan = (task: string, trial?: ChainOrder): TaskPlan =>
    catalogue.plan(task, { available: models.available, order: deps.order, trial });
  const usualPlan = rememberFor((task: string) => readPlan(task));

  const planFor = (task: string, trial?: ChainOrder): TaskPlan => {
    const plan = trial ? readPlan(task, trial) : usualPlan(task);
    const nowMs = clock.nowMs();
    const isAskable = (target: ModelEntry) => isPriced(target, nowMs);
    return plan.targets.every(isAskable) ? plan : { ...plan, targets: plan.targets.filter(isAskable) };
  };

  const timed = (target: ModelEntry): LanguageModel =>
    withTimeLimits(models.get(target), { clock, limits: limits.time });

  /** The policies around one model, inside out: what a call may take, what it costs, its turn, its circuit, its retries. */
  const guard = rememberFor((target: ModelEntry): LanguageModel<MeteredRequest> => {
    const { provider } = target;
    const { longestWaitMs } = limits;
    const metered = withMeter(timed(target), target, deps);
    const inTurn = withPermits(metered, deps.permits(provider), { longestWaitMs, clock });
    const breaker = breakers.get(provider);
    const inCircuit = breaker ? withBreaker(inTurn, breaker) : inTurn;
    return withRetry(inCircuit, { clock, rng: deps.rng, limits: limits.retry });
  });

  async function tryAgain(provider: ProviderName, signal: AbortSignal): Promise<void> {
    const plan = planFor("default", [provider]);
    const [target] = plan.targets;
    if (!target) return;
    const purpose: Purpose = { task: "provider-trial", payer: { accountId: SYSTEM_ACCOUNT } };
    // Without retries: the next trial is the recovery's to make. The bill comes first: where the server has no money
    // for a trial, none has begun, and the next call of anybody who has may be it.
    const model = withMeter(withBreaker(timed(target), breakers.get(provider) as Breaker), target, deps);
    const asked = fitRequest({ ...TRIAL, maxOutputTokens: TRIAL_TOKENS }, target, plan);
    await model.generate({ request: { ...asked, signal }, signal, purpose, tally: new Tally() });
  }

  return {
    async ask({ purpose, prompt, output, signal, onText, tally, first, trial }) {
      const plan = planFor(purpose.task, trial);
      const targets = first ? [first, ...plan.targets.filter((target) => target !== first)] : plan.targets;
      const untilMs = clock.nowMs() + limits.askMs;
      const asked = toModelRequest(prompt, plan, output);
      const open = (target: ModelEntry) => {
        if (isOver({ signal, untilMs }, clock.nowMs())) throw new ProviderError(target.provider, "aborted");
        const request = { ...fitRequest(asked, target, plan), signal, untilMs };
        return { model: guard(target), request: { request, signal, untilMs, purpose, tally } };
      };
      try {
        return await askChain(targets, {
          open,
          onSwitch: (target, reason) => deps.onSwitch(purpose.task, target, reason),
          onText,
          afterRefusal: lessRestrictiveFirst,
        });
      } catch (error) {
        if (signal.aborted || !(error instanceof ProviderError)) throw error;
        // Aborted by its time, and not by the caller.
        throw new ChainFailedError([new ProviderError("gateway", "timeout")]);
      }
    },
    breakers: () => new Map([...breakers].map(([provider, breaker]) => [provider, breaker.state()])),
    close: () => recovery.stop(),
  };
}

/** After a refusal, whoever refuses less readily comes first; the order stays as it was otherwise. */
function lessRestrictiveFirst(by: ModelEntry, rest: readonly ModelEntry[]): ModelEntry[] {
  const rank = ({ censorship }: ModelEntry) => CENSORSHIPS.indexOf(censorship);
  const isLess = (target: ModelEntry) => rank(target) < rank(by);
  return [...rest.filter(isLess), ...rest.filter((target) => !isLess(target))];
}
