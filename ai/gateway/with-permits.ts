import type { LanguageModel, ModelEvent } from "../model.ts";
import { ProviderError } from "../providers/provider-error.ts";

/** The right to one call, until it is given back. */
export interface Permit {
  /** Gives it back; doing so again does nothing. */
  release(): void;
}

/** How many calls a provider gets at once, and how many in a minute. */
export interface Permits {
  /**
   * First come, first served.
   * @throws ProviderError with the fault `busy` when none came free within `waitMs`, `aborted` when the signal was
   */
  acquire(signal: AbortSignal, waitMs: number): Promise<Permit>;
  /** Lets no further call start for so long. */
  pauseFor(pauseMs: number): void;
  figures(): PermitFigures;
  close(): Promise<void>;
}

export interface PermitFigures {
  readonly inUse: number;
  readonly waiting: number;
}

/** A vendor that asks for more is asked again after this long: it may have meant one model, or one key. */
const LONGEST_PAUSE_MS = 30_000;

/**
 * Lets a call wait for its turn, and hold it to the end: that of a stream comes when it ends, fails, or is left by its
 * reader. A vendor that says how long to wait is waited for by all calls to it.
 */
export function withPermits(
  model: LanguageModel,
  permits: Permits,
  { longestWaitMs }: { readonly longestWaitMs: number },
): LanguageModel {
  const heed = (error: unknown): void => {
    if (!(error instanceof ProviderError) || error.fault !== "rate-limit" || !error.retryAfterMs) return;
    permits.pauseFor(Math.min(error.retryAfterMs, LONGEST_PAUSE_MS));
  };

  return {
    ...model,
    async generate(request) {
      const permit = await permits.acquire(request.signal, longestWaitMs);
      try {
        return await model.generate(request);
      } catch (error) {
        heed(error);
        throw error;
      } finally {
        permit.release();
      }
    },
    async *stream(request): AsyncGenerator<ModelEvent> {
      const permit = await permits.acquire(request.signal, longestWaitMs);
      try {
        yield* model.stream(request);
      } catch (error) {
        heed(error);
        throw error;
      } finally {
        permit.release();
      }
    },
  };
}
