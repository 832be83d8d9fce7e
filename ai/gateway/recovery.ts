import type { Clock } from "../clock.ts";

/** Tries providers that are left alone, so that nobody's call is the trial. */
export interface Recovery {
  /** To be told when a provider begins to be left alone. */
  watch(provider: string): void;
  stop(): void;
}

export interface RecoveryDeps {
  readonly clock: Clock;
  /** For how long it is left alone at least. */
  readonly pauseMs: number;
  /** Rejects when it is not back. */
  readonly tryAgain: (provider: string, signal: AbortSignal) => Promise<unknown>;
}

/** After each pause one small call tries a provider, until one succeeds. */
export function createRecovery({ clock, pauseMs, tryAgain }: RecoveryDeps): Recovery {
  const cancels = new Map<string, () => void>();
  const stopping = new AbortController();

  const schedule = (provider: string): void => {
    if (stopping.signal.aborted) return;
    cancels.get(provider)?.();
    cancels.set(
      provider,
      clock.after(pauseMs, () => void attempt(provider)),
    );
  };
  const attempt = async (provider: string): Promise<void> => {
    cancels.delete(provider);
    await tryAgain(provider, stopping.signal).catch(() => schedule(provider));
  };

  return {
    watch: schedule,
    stop() {
      stopping.abort();
      for (const cancel of cancels.values()) cancel();
    },
  };
}
