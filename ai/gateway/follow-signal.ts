/** A signal that is aborted when another one is, or by `abort`. */
export interface FollowingSignal {
  readonly signal: AbortSignal;
  abort(): void;
  /** Leaves the other signal, which may live much longer, as it was. */
  unfollow(): void;
}

/** Does what `AbortSignal.any` does without its weak references, which every garbage collection has to go through. */
export function followSignal(other: AbortSignal): FollowingSignal {
  const own = new AbortController();
  const follow = () => own.abort(other.reason);
  if (other.aborted) follow();
  else other.addEventListener("abort", follow, { once: true });
  return {
    signal: own.signal,
    abort: () => own.abort(),
    unfollow: () => other.removeEventListener("abort", follow),
  };
}
