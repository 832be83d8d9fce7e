import type { ModelEntry } from "../catalogue/catalogue-schema.ts";
import { costOf } from "../catalogue/cost-of.ts";
import type { Clock } from "../clock.ts";
import type { LanguageModel, ModelReply, ModelRequest, ModelUsage, Signed, StopReason } from "../model.ts";
import { ProviderError, type ProviderFault } from "../providers/provider-error.ts";
import type { Budgets, Payer, Reservation } from "./budgets.ts";
import { estimateUsage, worstCostNanoUsd } from "./estimate.ts";
import { isOver } from "./is-over.ts";
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
  readonly budgets: Pick<Budgets, "hand" | "reserve">;
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
  return {
    ...model,
    async generate(metered) {
      const bill = await openBill(target, metered, deps);
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
      const bill = await openBill(target, metered, deps);
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

/** Sets aside what the call may cost. @throws ProviderError when it must not be made */
async function openBill(target: ModelEntry, metered: MeteredRequest, deps: MeterDeps): Promise<Bill> {
  const { provider } = target;
  const { request, purpose, tally } = metered;
  const { budgets } = deps;
  if (deps.ledger.isBehind()) throw new ProviderError(provider, "no-books");
  const worst = worstCostNanoUsd(target, request, deps.clock.nowMs());
  const reserve = async () =>
    await budgets.reserve(purpose.payer, worst).catch((error: unknown) => {
      deps.onError(error);
      throw new ProviderError(provider, "no-books");
    });
  const reservation = budgets.hand(purpose.payer, worst) ?? (await reserve());
  if (!reservation) throw new ProviderError(provider, "over-budget");
  if (isOver(request, deps.clock.nowMs())) {
    reservation.release();
    throw new ProviderError(provider, "aborted");
  }
  tally.begin();
  return new Bill(target, metered, reservation, deps);
}

type Draft<T> = { -readonly [Field in keyof T]: T[Field] };

/** One call's bill; only the first end counts. */
class Bill {
  private readonly target: ModelEntry;
  private readonly metered: MeteredRequest;
  private readonly reservation: Reservation;
  private readonly deps: MeterDeps;
  private readonly startedAtMs: number;
  private isOpen = true;

  constructor(target: ModelEntry, metered: MeteredRequest, reservation: Reservation, deps: MeterDeps) {
    this.target = target;
    this.metered = metered;
    this.reservation = reservation;
    this.deps = deps;
    this.startedAtMs = deps.clock.nowMs();
  }

  /** Of a call that was answered. */
  pay(stop: StopReason, told: ModelUsage | undefined, text: string): void {
    if (stop === "refused") this.metered.tally.refuse();
    if (!this.isOpen) return;
    this.isOpen = false;
    const usage = told && isSound(told) ? told : undefined;
    this.book(stop, usage ?? estimateUsage(this.metered.request, text), !usage);
  }

  /** Of one that failed, after that much text. */
  fail(error: unknown, text: string): void {
    if (!this.isOpen) return;
    this.isOpen = false;
    const fault = error instanceof ProviderError ? error.fault : "malformed";
    if (MAYBE_BILLED.has(fault) || text !== "")
      return this.book(fault, estimateUsage(this.metered.request, text), true);
    this.reservation.release();
    // A trial that the breaker did not let begin: it never reached the provider.
    if (fault === "left-alone") return;
    this.end(fault, this.deps.clock.nowMs() - this.startedAtMs, undefined);
  }

  private book(outcome: MeteredCall["outcome"], usage: ModelUsage, isEstimate: boolean): void {
    const { startedAtMs, deps } = this;
    const { purpose, tally } = this.metered;
    const cost = costOf(this.target, usage, startedAtMs);
    tally.add(usage, cost);
    const day = toDay(startedAtMs);
    const latencyMs = deps.clock.nowMs() - startedAtMs;
    const entry: Draft<LedgerEntry> = {
      id: deps.newId(),
      accountId: purpose.payer.accountId,
      month: day.slice(0, 7),
      day,
      atMs: startedAtMs,
      task: purpose.task,
      provider: this.target.provider,
      model: this.target.id,
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
      prepaidNanoUsd: this.reservation.settle(cost.nanoUsd),
    };
    if (purpose.payer.conversationId !== undefined) entry.conversationId = purpose.payer.conversationId;
    if (purpose.personaId !== undefined) entry.personaId = purpose.personaId;
    if (purpose.arm !== undefined) entry.arm = purpose.arm;
    deps.ledger.book(entry);
    this.end(outcome, latencyMs, entry);
  }

  private end(outcome: MeteredCall["outcome"], latencyMs: number, entry: LedgerEntry | undefined): void {
    const { provider, id: model } = this.target;
    this.deps.onCall({ provider, model, task: this.metered.purpose.task, outcome, latencyMs, entry });
  }
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
