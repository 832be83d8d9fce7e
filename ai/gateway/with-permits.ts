import type { Clock } from "../clock.ts";
import type { LanguageModel, ModelEvent, Signed } from "../model.ts";
import { ProviderError, type ProviderFault } from "../providers/provider-error.ts";
import { isOver } from "./is-over.ts";

/** The right to one call, until it is given back. */
export interface Permit {
  /** Gives it back, unused if nothing was sent; doing so again does nothing. */
  release(isUnused?: boolean): void;
}

/** How many calls a provider gets at once, and how many in a minute. */
export interface Permits {
  /** One that is free now, while nobody waits for it. */
  hand(): Permit | undefined;
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

/** Whoever pays could not, so the start is somebody else's. */
const NOT_SENT: ReadonlySet<ProviderFault> = new Set<ProviderFault>(["over-budget", "no-books"]);

/**
 * Lets a call wait for its turn, and hold it to the end: that of a stream comes when it ends, fails, or is left by its
 * reader. A vendor that says how long to wait is waited for by all calls to it.
 */
export function withPermits<Request extends Signed>(
  model: LanguageModel<Request>,
  permits: Permits,
  { longestWaitMs, clock }: { readonly longestWaitMs: number; readonly clock: Clock },
): LanguageModel<Request> {
  const waitMs = ({ untilMs = Infinity }: Signed): number => Math.min(longestWaitMs, untilMs - clock.nowMs());
  /** One at hand; whoever has gone uses up none. */
  const take = (request: Signed): Permit | undefined => {
    if (isOver(request, clock.nowMs())) throw new ProviderError(model.provider, "aborted");
    return permits.hand();
  };
  /** True when nothing was sent after all. */
  const heed = (error: unknown): boolean => {
    if (error instanceof ProviderError && NOT_SENT.has(error.fault)) return true;
    if (!(error instanceof ProviderError) || error.fault !== "rate-limit" || !error.retryAfterMs)
      return false;
    permits.pauseFor(Math.min(error.retryAfterMs, LONGEST_PAUSE_MS));
    return false;
  };

  return {
    ...model,
    async generate(request) {
      const permit = take(request) ?? (await permits.acquire(request.signal, waitMs(request)));
      try {
        return await model.generate(request);
      } catch (error) {
        permit.release(heed(error));
        throw error;
      } finally {
        permit.release();
      }
    },
    async *stream(request): AsyncGenerator<ModelEvent> {
      const permit = take(request) ?? (await permits.acquire(request.signal, waitMs(request)));
      try {
        yield* model.stream(request);
      } catch (error) {
        permit.release(heed(error));
        throw error;
      } finally {
        permit.release();
      }
    },
  };
}
