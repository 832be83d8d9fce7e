import type { ModelEntry } from "../catalogue/catalogue-schema.ts";
import { costOf } from "../catalogue/cost-of.ts";
import type { Clock } from "../clock.ts";
import type { LanguageModel, ModelReply, ModelRequest, ModelUsage, Signed, StopReason } from "../model.ts";
import { ProviderError, type ProviderFault } from "../providers/provider-error.ts";
import type { Budgets, Payer, Reservation } from "./budgets.ts";
import { estimateUsage, worstCostNanoUsd } from "./estimate.ts";
import type { Ledger } from "./ledger.ts";
import { type LedgerEntry, toDay } from "./ports.ts";
import type { Tally } from "./tally.ts";

/** What a call is for, as it stands in the books. */
export interface Purpose {
  readonly task: string;
  readonly payer: Payer;
  readonly personaId?: string | undefined;
  readonly arm?: string | undefined;
}

/** A request to a model, and what it is for, which the vendor is not told. */
export interface MeteredRequest extends Signed {
  readonly request: ModelRequest;
  readonly purpose: Purpose;
  readonly tally: Tally;
}

export interface MeterDeps {
  readonly budgets: Pick<Budgets, "reserve">;
  readonly ledger: Pick<Ledger, "book" | "isBehind">;
  readonly clock: Clock;
  readonly newId: () => string;
  /** Told of every call that reached the provider, once it has ended. */
  readonly onCall: (call: MeteredCall) => void;
  /** Told of a store that failed. */
  readonly onError: (error: unknown) => void;
}

export interface MeteredCall {
  readonly provider: string;
  readonly model: string;
  readonly task: string;
  readonly outcome: StopReason | ProviderFault;
  readonly latencyMs: number;
  /** Undefined where nothing was to be paid. */
  readonly entry: LedgerEntry | undefined;
}

/** After these the vendor may have worked, and may bill it; whatever else goes wrong is refused before any work. */
const MAYBE_BILLED: ReadonlySet<ProviderFault> = new Set<ProviderFault>([
  "timeout",
  "interrupted",
  "malformed",
  "aborted",
]);

/**
 * Sets the worst a call can cost aside before it is made, and pays and books what it did cost after it, whatever its
 * end. Nothing is asked of a vendor that cannot be paid or booked.
 */
export function withMeter(
  model: LanguageModel,
  target: ModelEntry,
  deps: MeterDeps,
): LanguageModel<MeteredRequest> {
  const begin = async (metered: MeteredRequest) => {
    const reservation = await reserve(model.provider, target, metered, deps);
    metered.tally.begin();
    return openBill(target, metered, reservation, deps);
  };
  return {
    ...model,
    async generate(metered) {
      const bill = await begin(metered);
      const { request } = metered;
      try {
        const reply = await model.generate(request);
        bill.pay(reply.stop, reply.usage, reply.text);
        return reply;
      } catch (error) {
        bill.fail(error, "");
        throw error;
      }
    },
    async *stream(metered) {
      const bill = await begin(metered);
      const { request } = metered;
      let text = "";
      let reply: ModelReply | undefined;
      try {
        for await (const event of model.stream(request)) {
          if (event.type === "text") text += event.text;
          if (event.type === "end") {
            reply = event.reply;
            bill.pay(reply.stop, reply.usage, text);
          }
          yield event;
        }
      } catch (error) {
        bill.fail(error, text);
        throw error;
      } finally {
        // Whoever stops reading has had what came so far.
        if (!reply) bill.fail(new ProviderError(model.provider, "aborted"), text);
      }
    },
  };
}

async function reserve(
  provider: string,
  target: ModelEntry,
  { request, purpose }: MeteredRequest,
  { budgets, ledger, clock, onError }: MeterDeps,
): Promise<Reservation> {
  if (ledger.isBehind()) throw new ProviderError(provider, "no-books");
  const worst = worstCostNanoUsd(target, request, clock.nowMs());
  const reservation = await budgets.reserve(purpose.payer, worst).catch((error: unknown) => {
    onError(error);
    throw new ProviderError(provider, "no-books");
  });
  if (!reservation) throw new ProviderError(provider, "over-budget");
  if (!request.signal.aborted) return reservation;
  reservation.release();
  throw new ProviderError(provider, "aborted");
}

/** One call's bill; only the first end counts. */
function openBill(
  target: ModelEntry,
  { request, purpose, tally }: MeteredRequest,
  reservation: Reservation,
  { ledger, clock, newId, onCall }: MeterDeps,
) {
  const { provider, id: model } = target;
  const { task, payer, personaId, arm } = purpose;
  const startedAtMs = clock.nowMs();
  let isOpen = true;

  const end = (outcome: MeteredCall["outcome"], usage: ModelUsage | undefined, isEstimate: boolean): void => {
    isOpen = false;
    const atMs = clock.nowMs();
    const latencyMs = atMs - startedAtMs;
    if (!usage) {
      reservation.release();
      onCall({ provider, model, task, outcome, latencyMs, entry: undefined });
      return;
    }
    const cost = costOf(target, usage, startedAtMs);
    const day = toDay(startedAtMs);
    tally.add(usage, cost);
    const entry: LedgerEntry = {
      id: newId(),
      accountId: payer.accountId,
      month: day.slice(0, 7),
      day,
      atMs: startedAtMs,
      task,
      provider,
      model,
      ...(payer.conversationId !== undefined && { conversationId: payer.conversationId }),
      ...(personaId !== undefined && { personaId }),
      ...(arm !== undefined && { arm }),
      outcome: isStop(outcome) ? outcome : "failed",
      isBatch: false,
      isEstimate,
      uncachedInputTokens: usage.uncachedInputTokens,
      cachedInputTokens: usage.cachedInputTokens,
      cacheWriteTokens: usage.cacheWriteTokens["5m"] + usage.cacheWriteTokens["1h"],
      outputTokens: usage.outputTokens,
      thinkingTokens: usage.thinkingTokens,
      latencyMs,
      costNanoUsd: cost.nanoUsd,
      prepaidNanoUsd: reservation.settle(cost.nanoUsd),
    };
    ledger.book(entry);
    onCall({ provider, model, task, outcome, latencyMs, entry });
  };

  return {
    /** Of a call that was answered. */
    pay(stop: StopReason, told: ModelUsage | undefined, text: string) {
      if (stop === "refused") tally.refuse();
      const usage = told && isSound(told) ? told : undefined;
      if (isOpen) end(stop, usage ?? estimateUsage(request, text), !usage);
    },
    /** Of one that failed, after that much text. */
    fail(error: unknown, text: string) {
      if (!isOpen) return;
      const fault = error instanceof ProviderError ? error.fault : "malformed";
      const isBilled = MAYBE_BILLED.has(fault) || text !== "";
      end(fault, isBilled ? estimateUsage(request, text) : undefined, isBilled);
    },
  };
}

/** Vendors are not believed to count with whole numbers. */
const isSound = (usage: ModelUsage): boolean =>
  isCount(usage.uncachedInputTokens) &&
  isCount(usage.cachedInputTokens) &&
  isCount(usage.cacheWriteTokens["5m"]) &&
  isCount(usage.cacheWriteTokens["1h"]) &&
  isCount(usage.outputTokens) &&
  isCount(usage.thinkingTokens);

const isCount = (count: number): boolean => Number.isSafeInteger(count) && count >= 0;

const isStop = (outcome: MeteredCall["outcome"]): outcome is StopReason =>
  outcome === "complete" || outcome === "truncated" || outcome === "refused";
