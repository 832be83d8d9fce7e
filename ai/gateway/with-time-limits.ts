import type { Clock } from "../clock.ts";
import type { LanguageModel, ModelEvent, ModelRequest } from "../model.ts";
import { ProviderError } from "../providers/provider-error.ts";

export interface TimeLimits {
  /** For a whole answer that is not streamed. */
  readonly wholeMs: number;
  /** Until a stream's first event, and between any two. */
  readonly firstMs: number;
  readonly idleMs: number;
}

export const USUAL_TIME_LIMITS: TimeLimits = { wholeMs: 60_000, firstMs: 15_000, idleMs: 10_000 };

/**
 * Ends a call that nothing comes from any more, with the fault `timeout`: the SDKs' own limits do not see a stream that
 * stalls. What hangs is aborted, so that its connection is released. One that nobody waits for any more ends with the
 * fault `aborted`: another might have had more time.
 */
export function withTimeLimits(
  model: LanguageModel,
  { clock, limits = USUAL_TIME_LIMITS }: { readonly clock: Clock; readonly limits?: TimeLimits },
): LanguageModel {
  return {
    ...model,
    async generate(request) {
      const watch = new Watch(request, clock);
      watch.expect(limits.wholeMs);
      try {
        return await model.generate(watch.request);
      } catch (error) {
        throw watch.translate(error, model.provider);
      } finally {
        watch.stop();
      }
    },
    async *stream(request): AsyncGenerator<ModelEvent> {
      const watch = new Watch(request, clock);
      watch.expect(limits.firstMs);
      try {
        for await (const event of model.stream(watch.request)) {
          // Whoever reads slowly is not the vendor's fault.
          watch.rest();
          yield event;
          watch.expect(limits.idleMs);
        }
      } catch (error) {
        throw watch.translate(error, model.provider);
      } finally {
        watch.stop();
      }
    },
  };
}

/**
 * Watches over one call. Its signal is aborted with the caller's, as one of `AbortSignal.any` would be, but without weak
 * references, which every garbage collection has to go through.
 */
class Watch {
  /** As it is to be made. */
  readonly request: ModelRequest;
  private readonly asked: ModelRequest;
  private readonly clock: Clock;
  private readonly own = new AbortController();
  private cancel: (() => void) | undefined;
  /** The end that is nearest is not the vendor's. */
  private isCutShort = false;

  constructor(asked: ModelRequest, clock: Clock) {
    this.asked = asked;
    this.clock = clock;
    this.request = { ...asked, signal: this.own.signal };
    if (asked.signal.aborted) this.follow();
    else asked.signal.addEventListener("abort", this.follow);
  }

  /** From now on, something must come within `limitMs`. */
  expect(limitMs: number): void {
    this.rest();
    const leftMs = (this.asked.untilMs ?? Infinity) - this.clock.nowMs();
    this.isCutShort = leftMs < limitMs;
    this.cancel = this.clock.after(Math.min(limitMs, leftMs), () => this.own.abort());
  }

  /** Until something is expected again. */
  rest(): void {
    this.cancel?.();
  }

  /** Leaves the caller's signal, which may live much longer, as it was. */
  stop(): void {
    this.rest();
    this.asked.signal.removeEventListener("abort", this.follow);
  }

  /** What a failure means, where it was an abort of ours. */
  translate(error: unknown, provider: string): unknown {
    if (!this.own.signal.aborted || this.asked.signal.aborted) return error;
    return new ProviderError(provider, this.isCutShort ? "aborted" : "timeout");
  }

  private readonly follow = (): void => this.own.abort(this.asked.signal.reason);
}
