import { openLedger } from "#data/repositories/ledger.ts";
import { openMemoryStore } from "#data/repositories/memory-store.fixture.ts";
import { openModelBatches } from "#data/repositories/model-batches.ts";
import { openPurses } from "#data/repositories/purses.ts";
import type { StoredLedgerEntry } from "#schema/stored/ledger-entry.ts";
import type { BatchItem, BatchResult } from "../batch-model.ts";
import type { ModelReply } from "../model.ts";
import { costNanoUsd } from "../catalogue/cost-of.ts";
import { createFakeClock } from "../fake-clock.ts";
import type { BatchEvent, BatchesDeps, BatchOrder } from "./batch-ports.ts";
import { createBatches } from "./batches.ts";
import type { BudgetAlert } from "./budgets.ts";
import { healPurses } from "./heal-purses.ts";
import { createMemoryAccounts } from "./memory-ports.fixture.ts";
import type { AccountTerms } from "./ports.ts";
import { createScriptedBatchModel } from "./scripted-batch.fixture.ts";
import { toTarget } from "./target.fixture.ts";

export const NOW_MS = Date.UTC(2026, 10, 22, 12);
export const PURSE = "month:ann:2026-11";
export const MINUTE_MS = 60_000;
export const never = new AbortController().signal;

export const target = toTarget("groq", { input: 1, output: 10 });

export const usage = {
  uncachedInputTokens: 20,
  cachedInputTokens: 0,
  cacheWriteTokens: { "5m": 0, "1h": 0 },
  outputTokens: 30,
  thinkingTokens: 0,
};
/** Of an item that was answered with the usage above. */
export const ITEM_NANO_USD = costNanoUsd(target, usage, NOW_MS, 0.5);

export function toItems(count: number): BatchItem[] {
  const messages = [{ role: "user", text: "Tell a tale of the sea." }] as const;
  const request = { system: [{ text: "You tell tales." }], messages, maxOutputTokens: 100 };
  return Array.from({ length: count }, (_, at) => ({ id: `item-${at}`, request }));
}

export const toOrder = (change: Partial<BatchOrder> = {}): BatchOrder => ({
  id: "pool-1",
  task: "pool-dialogue",
  accountId: "ann",
  target,
  items: toItems(3),
  ...change,
});

export const replyOf = (id: string): ModelReply => ({
  text: `Once, ${id}.`,
  stop: "complete",
  usage,
  servedBy: "m",
});

export const answered = ({ id }: BatchItem): BatchResult => ({ id, reply: replyOf(id) });

interface TestOptions {
  readonly terms?: AccountTerms;
  readonly takesNames?: boolean;
}

/** Batches over the embedded store and a scripted vendor; each `start` is another process. */
export async function openTestBatches({ terms, takesNames = true }: TestOptions = {}) {
  const store = await openMemoryStore();
  const ledger = await openLedger(store);
  const purses = await openPurses(store);
  const records = await openModelBatches(store);
  const clock = createFakeClock(NOW_MS);
  const vendor = createScriptedBatchModel({ takesNames });
  const events: BatchEvent[] = [];
  const alerts: BudgetAlert[] = [];
  const deps: BatchesDeps = {
    models: (provider) => (provider === "groq" ? vendor : undefined),
    catalogue: { model: () => target },
    purses,
    ledger,
    accounts: createMemoryAccounts(terms && { ann: terms }),
    records,
    clock,
    onEvent: (event) => events.push(event),
    onAlert: (alert) => alerts.push(alert),
  };
  const healNow = async (): Promise<void> => {
    const heldByBatches = async (purseId: string) => await records.heldFor(purseId);
    await healPurses({ purses, ledger, heldByBatches }, clock.nowMs());
  };
  return {
    deps,
    records,
    clock,
    vendor,
    events,
    alerts,
    start: (change: Partial<BatchesDeps> = {}) => createBatches({ ...deps, ...change }),
    held: async (purseId = PURSE): Promise<number> => (await purses.get(purseId))?.heldNanoUsd ?? 0,
    entries: async (): Promise<StoredLedgerEntry[]> => await Array.fromAsync(ledger.iterateByAccount("ann")),
    healNow,
    async heal(): Promise<void> {
      await clock.advance(11 * MINUTE_MS);
      await healNow();
    },
  };
}
