import { BrokenCircuitError, circuitBreaker, CircuitState, ConsecutiveBreaker, handleWhen } from "cockatiel";
import type { LanguageModel, ModelEvent } from "../model.ts";
import { ProviderError } from "../providers/provider-error.ts";

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
  /** Calls, unless the provider is left alone. @throws ProviderError with the fault `left-alone` */
  call<T>(provider: string, run: () => Promise<T>): Promise<T>;
}

const STATES: Readonly<Record<CircuitState, BreakerState>> = {
  [CircuitState.Closed]: "closed",
  [CircuitState.Open]: "open",
  [CircuitState.HalfOpen]: "half-open",
  [CircuitState.Isolated]: "open",
};

/** Counts what is the provider's fault: a wrong request, an aborted call or a limit of ours says nothing about it. */
export function createBreaker(limits: BreakerLimits = USUAL_BREAKER): Breaker {
  const policy = circuitBreaker(
    handleWhen((error) => error instanceof ProviderError && error.retryable && error.fault !== "rate-limit"),
    { halfOpenAfter: limits.pauseMs, breaker: new ConsecutiveBreaker(limits.failures) },
  );
  return {
    state: () => STATES[policy.state],
    async call(provider, run) {
      try {
        return await policy.execute(run);
      } catch (error) {
        throw error instanceof BrokenCircuitError ? new ProviderError(provider, "left-alone") : error;
      }
    },
  };
}

/** Leaves a provider alone that failed several times in a row, and lets one call try later whether it is back. */
export function withBreaker(model: LanguageModel, breaker: Breaker): LanguageModel {
  return {
    ...model,
    generate: async (request) =>
      await breaker.call(model.provider, async () => await model.generate(request)),
    async *stream(request): AsyncGenerator<ModelEvent> {
      const begun = Promise.withResolvers<void>();
      const ended = Promise.withResolvers<void>();
      const call = breaker.call(model.provider, async () => {
        begun.resolve();
        await ended.promise;
      });
      // Either it may begin, or the breaker refuses.
      await Promise.race([begun.promise, call]);
      try {
        yield* model.stream(request);
      } catch (error) {
        ended.reject(error);
        await call;
      } finally {
        ended.resolve();
      }
      await call;
    },
  };
}
