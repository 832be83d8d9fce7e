import {
  BrokenCircuitError,
  circuitBreaker,
  type CircuitBreakerPolicy,
  CircuitState,
  ConsecutiveBreaker,
  handleWhen,
} from "cockatiel";
import type { LanguageModel, ModelEvent, Signed } from "../model.ts";
import { ProviderError, type ProviderFault } from "../providers/provider-error.ts";

export type BreakerState = "closed" | "open" | "half-open";

export interface BreakerLimits {
  /** Failures in a row after which a provider is left alone. */
  readonly failures: number;
  /** After this long, one call may try whether it is back. */
  readonly pauseMs: number;
}

export const USUAL_BREAKER: BreakerLimits = { failures: 5, pauseMs: 30_000 };

/** Guards one provider: models of the same provider share it. */
export interface Breaker {
  state(): BreakerState;
  /** Lets a call be made, while the provider is not left alone. */
  usual(): GuardedCall | undefined;
  /** Lets one call try whether it is back. @throws ProviderError with the fault `left-alone` where it is not time yet */
  trial(provider: string): Promise<GuardedCall>;
}

/** To be told how the call ended, by one of these. */
interface GuardedCall {
  readonly succeed: () => Promise<void> | undefined;
  readonly fail: (error: unknown) => Promise<void>;
}

const STATES: Readonly<Record<CircuitState, BreakerState>> = {
  [CircuitState.Closed]: "closed",
  [CircuitState.Open]: "open",
  [CircuitState.HalfOpen]: "half-open",
  [CircuitState.Isolated]: "open",
};

/** A key that does not hold, or an account without means: no call succeeds until somebody does something about it. */
const UNUSABLE: ReadonlySet<ProviderFault> = new Set<ProviderFault>(["auth", "payment", "quota"]);

/** A wrong request, an aborted call or a limit of ours says nothing about a provider. */
const isItsFault = ({ fault, retryable }: ProviderError): boolean =>
  UNUSABLE.has(fault) || (retryable && fault !== "rate-limit");

/** Of a trial, these say that it never took place. */
const NO_TRIAL: ReadonlySet<ProviderFault> = new Set<ProviderFault>([
  "aborted",
  "over-budget",
  "no-books",
  "busy",
]);

/** Counts what is the provider's fault. `onChange` is told of every new state. */
export function createBreaker(
  limits: BreakerLimits = USUAL_BREAKER,
  onChange: (state: BreakerState) => void = () => undefined,
): Breaker {
  const policy: CircuitBreakerPolicy = circuitBreaker(
    handleWhen((error) => {
      if (!(error instanceof ProviderError)) return false;
      return isItsFault(error) || (policy.state === CircuitState.HalfOpen && NO_TRIAL.has(error.fault));
    }),
    { halfOpenAfter: limits.pauseMs, breaker: new ConsecutiveBreaker(limits.failures) },
  );
  policy.onStateChange((state) => onChange(STATES[state]));
  let hasFailed = false;

  /** Between its beginning and its end, the library knows nothing of a call: it would keep several promises for each. */
  const tell = async (end: () => Promise<void>): Promise<void> => {
    // A call that was begun before the provider was left alone is no trial.
    if (policy.state === CircuitState.Closed) await policy.execute(end).catch(() => undefined);
  };
  const usual: GuardedCall = {
    succeed() {
      if (!hasFailed) return undefined;
      hasFailed = false;
      return tell(async () => undefined);
    },
    async fail(error) {
      hasFailed = true;
      await tell(async () => {
        throw error;
      });
    },
  };

  const openTrial = async (provider: string): Promise<GuardedCall> => {
    // The library would let it wait for the trial under way, which may hang.
    if (policy.state === CircuitState.HalfOpen) throw new ProviderError(provider, "left-alone");
    const begun = Promise.withResolvers<void>();
    const ended = Promise.withResolvers<void>();
    const trial = policy.execute(async () => {
      begun.resolve();
      await ended.promise;
    });
    const over = trial.catch(() => undefined);
    // Either it may begin, or the breaker refuses.
    await Promise.race([begun.promise, trial]).catch((error: unknown) => {
      throw error instanceof BrokenCircuitError ? new ProviderError(provider, "left-alone") : error;
    });
    return {
      async succeed() {
        ended.resolve();
        await over;
      },
      async fail(error) {
        ended.reject(error);
        await over;
      },
    };
  };

  return {
    state: () => STATES[policy.state],
    usual: () => (policy.state === CircuitState.Closed ? usual : undefined),
    trial: openTrial,
  };
}

/** Leaves a provider alone that failed several times in a row, and lets one call try later whether it is back. */
export function withBreaker<Request extends Signed>(
  model: LanguageModel<Request>,
  breaker: Breaker,
): LanguageModel<Request> {
  return {
    ...model,
    async generate(request) {
      const call = breaker.usual() ?? (await breaker.trial(model.provider));
      try {
        const reply = await model.generate(request);
        await call.succeed();
        return reply;
      } catch (error) {
        await call.fail(error);
        throw error;
      }
    },
    async *stream(request): AsyncGenerator<ModelEvent> {
      const call = breaker.usual() ?? (await breaker.trial(model.provider));
      // A reader that leaves has had what it wanted.
      let end: () => Promise<void> | undefined = call.succeed;
      try {
        yield* model.stream(request);
      } catch (error) {
        end = () => call.fail(error);
        throw error;
      } finally {
        await end();
      }
    },
  };
}
