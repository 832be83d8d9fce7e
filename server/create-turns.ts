/** Runs work under a key when all earlier work under the same key has ended. */
export type TakeTurn = <T>(key: string, work: () => Promise<T>) => Promise<T>;

/** One queue per key; a key with nothing under way costs nothing. */
export function createTurns(): TakeTurn {
  const last = new Map<string, Promise<unknown>>();
  return async (key, work) => {
    const turn = (last.get(key) ?? Promise.resolve()).then(work, work);
    last.set(key, turn);
    try {
      return await turn;
    } finally {
      if (last.get(key) === turn) last.delete(key);
    }
  };
}
