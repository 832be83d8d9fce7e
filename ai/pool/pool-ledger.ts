import type { NoveltyLedger } from "../writer/novelty/ledger.ts";
import type { ActivePool } from "./active-pool.ts";
import type { ConversationFeed } from "./ports.ts";

export interface PoolLedger {
  /** What the pool holds, as of the last `catchUp` and what was noted since. */
  readonly ledger: NoveltyLedger;
  /**
   * Takes in what came into the pool and drops what left it, whoever did it: the first call of a process reads the
   * whole pool, a few hundred conversations at a time, later ones what changed. @throws what the store throws
   */
  catchUp(): Promise<void>;
}

/** Read at a time: some hundred kilobytes. */
const CHUNK = 200;

/** Keeps a novelty ledger in step with the active pool; nothing is stored for it but the conversations themselves. */
export function createPoolLedger(deps: {
  readonly ledger: NoveltyLedger;
  readonly pool: Pick<ActivePool, "get" | "iterate">;
  readonly conversations: Pick<ConversationFeed, "getMany">;
}): PoolLedger {
  const { ledger, pool, conversations } = deps;

  return {
    ledger,
    async catchUp() {
      for (const id of ledger.ids()) if (!pool.get(id)) ledger.remove(id);
      const missing = [...pool.iterate({})].map(({ id }) => id).filter((id) => !ledger.has(id));
      for (let at = 0; at < missing.length; at += CHUNK) {
        const found = await conversations.getMany(missing.slice(at, at + CHUNK));
        for (const conversation of found) ledger.add(conversation);
      }
    },
  };
}
