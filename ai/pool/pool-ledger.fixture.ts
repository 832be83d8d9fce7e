import { createNoveltyLedger } from "../writer/novelty/ledger.ts";
import { createActivePool } from "./active-pool.ts";
import { createPoolLedger, type PoolLedger } from "./pool-ledger.ts";
import type { ConversationFeed } from "./ports.ts";

/** The ledger of a process whose pool is empty. */
export function createTestPoolLedger(conversations: Pick<ConversationFeed, "getMany">): PoolLedger {
  return createPoolLedger({ ledger: createNoveltyLedger(), pool: createActivePool(), conversations });
}
