import { readPurseId } from "#schema/stored/purse.ts";

/** What is known of a purse that nobody has touched for a while. */
export interface StalePurse {
  readonly id: string;
  readonly touchedAtMs: number;
}

/** Amounts are whole nano-dollars. */
export interface HealingPorts {
  readonly purses: {
    /** Those neither touched since then nor settled, longest untouched first. */
    staleBefore(ms: number, limit: number): Promise<readonly StalePurse[]>;
    /** Settles a purse at this; does nothing when it was touched meanwhile. True when it did. */
    setHeld(purseId: string, heldNanoUsd: number, ifTouchedAtMs: number): Promise<boolean>;
  };
  readonly ledger: {
    sumMonth(
      accountId: string,
      month: string,
      by: readonly never[],
    ): Promise<readonly { readonly costNanoUsd: number; readonly prepaidNanoUsd: number }[]>;
    prepaidSpent(accountId: string): Promise<number>;
    sumConversation(conversationId: string): Promise<{ readonly costNanoUsd: number }>;
  };
  /** What provider batches that are still under way hold of a purse. */
  readonly heldByBatches: (purseId: string) => Promise<number>;
}

/** Processes show what they hold far more often. */
const UNTOUCHED_MS = 10 * 60_000;
const AT_ONCE = 100;

/**
 * Puts back what processes held when they died: purses that nobody has touched for ten minutes are set to what the
 * books say was spent, and what batches under way hold. Tells how many were set; may be run by several at once.
 */
export async function healPurses(ports: HealingPorts, nowMs: number): Promise<number> {
  let healed = 0;
  for (;;) {
    const stale = await ports.purses.staleBefore(nowMs - UNTOUCHED_MS, AT_ONCE);
    for (const { id, touchedAtMs } of stale) {
      // Batches first: one that ends in between is counted twice rather than not at all, until it gives back.
      const held = (await ports.heldByBatches(id)) + (await readSpent(ports.ledger, id));
      if (await ports.purses.setHeld(id, held, touchedAtMs)) healed++;
    }
    if (stale.length < AT_ONCE) return healed;
  }
}

async function readSpent(ledger: HealingPorts["ledger"], purseId: string): Promise<number> {
  const subject = readPurseId(purseId);
  if (subject.kind === "prepaid") return await ledger.prepaidSpent(subject.accountId);
  if (subject.kind === "conversation") {
    return (await ledger.sumConversation(subject.conversationId)).costNanoUsd;
  }
  const [total] = await ledger.sumMonth(subject.accountId, subject.month, []);
  return total ? total.costNanoUsd - total.prepaidNanoUsd : 0;
}
