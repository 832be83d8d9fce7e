import type { NoveltyLedger } from "../writer/novelty/ledger.ts";
import type { ActivePool } from "./active-pool.ts";
import type { ConversationFeed } from "./ports.ts";

type Noted = Parameters<NoveltyLedger["add"]>[0];

export interface PoolLedger {
  /** What the pool holds, as of the last `catchUp` and what was noted since. */
  readonly ledger: NoveltyLedger;
  /**
   * Takes in what came into the pool and drops what left it, whoever did it: the first call of a process reads the
   * whole pool, a few hundred conversations at a time, later ones what changed. @throws what the store throws
   */
  catchUp(): Promise<void>;
  /** Takes in what was written and is not stored yet; until it is settled, no `catchUp` drops it. */
  note(conversation: Noted): void;
  /** It is stored, and from now on the pool tells whether it counts; or it was given up, and does not. */
  settle(id: string, isStored: boolean): void;
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
  /** Of every run under way: another one's `catchUp` must not forget them. */
  const unsettled = new Set<string>();

  return {
    ledger,
    note(conversation) {
      unsettled.add(conversation.id);
      ledger.add(conversation);
    },
    settle(id, isStored) {
      unsettled.delete(id);
      if (!isStored) ledger.remove(id);
    },
    async catchUp() {
      for (const id of ledger.ids()) if (!pool.get(id) && !unsettled.has(id)) ledger.remove(id);
      const missing = [...pool.iterate({})].map(({ id }) => id).filter((id) => !ledger.has(id));
      for (let at = 0; at < missing.length; at += CHUNK) {
        const found = await conversations.getMany(missing.slice(at, at + CHUNK));
        for (const conversation of found) ledger.add(conversation);
      }
    },
  };
}
