import { destination } from "pino";
import { systemClock } from "#ai/clock.ts";
import { toDay } from "#ai/gateway/ports.ts";
import type { Order } from "#ai/pool/order.ts";
import { createPoolDialogue } from "#ai/tasks/pool-dialogue.ts";
import { createNoveltyLedger } from "#ai/writer/novelty/ledger.ts";
import { readWriterContent } from "#ai/writer/read-content.ts";
import { openStore } from "#data/open.ts";
import { addTotals, type LedgerTotal } from "#data/repositories/ledger-total.ts";
import { type BenchContext, type BenchResult, defineBench } from "#loadtest/define-bench.ts";
import type { GateReading } from "#loadtest/judge-gate.ts";
import { createLog } from "../log.ts";
import { openRepositories } from "../open-repositories.ts";
import { toUsd } from "../spending/usd.ts";
import {
  type Answered,
  type ContestDeps,
  createModelContestant,
  createOfflineContestant,
  type Contestant,
  nameOf,
} from "./contest/ask-contestants.bench.ts";
import { drawOrders } from "./contest/draw-orders.bench.ts";
import { countOutcomes, measureAnswers } from "./contest/measure-answers.bench.ts";
import { openContestants, type StandIns } from "./contest/open-contestants.bench.ts";
import { type Priced, priceOrders } from "./contest/price-contest.bench.ts";

const QUICK_ORDERS = 2;
const USUAL_SPEND_USD = 0.05;
const NANO_PER_USD = 1e9;
/** What stand-ins may cost; nobody is paid. */
const PLAY_MONEY_NANO_USD = NANO_PER_USD;

/** Somebody who was asked for all orders. */
interface Entrant extends Pick<Contestant, "name" | "faults"> {
  readonly answers: readonly Answered[];
}

interface Contest {
  readonly entrants: readonly Entrant[];
  readonly offline: Entrant;
  /** Whose worst case was more than what was left. */
  readonly leftOut: readonly Priced[];
  readonly spendNanoUsd: number;
  /** By the ledger, everybody's calls together. */
  readonly booked: LedgerTotal;
  /** Where nobody was configured: by what the counts differ from what the stand-ins say they did and sold. */
  readonly standIns: StandInDifferences | undefined;
}

interface StandInDifferences {
  readonly answers: number;
  readonly bill: number;
}

export const bench = defineBench({
  name: "models",
  summary: "the configured models on the same orders of the pool: answers, rules kept, latency, cost, text",
  comparesWith: "the offline writer on the same orders",
  run: async (context) => toResult(await hold(context, readSpend(process.env["BENCH_SPEND_USD"]))),
});

function readSpend(written: string | undefined): number {
  const usd = written === undefined || written === "" ? USUAL_SPEND_USD : Number(written);
  if (!Number.isFinite(usd) || usd < 0) throw new Error("BENCH_SPEND_USD must be an amount of dollars");
  return Math.round(usd * NANO_PER_USD);
}

/** Asks everybody, with a store of the contest's own that is gone afterwards. */
async function hold(context: BenchContext, realNanoUsd: number): Promise<Contest> {
  const clock = systemClock;
  const startedMs = clock.nowMs();
  // Results alone belong on standard output.
  const log = createLog("error", destination(2));
  const { models, entries, standIns } = await openContestants(process.env, { clock, log });
  const spendNanoUsd = standIns ? PLAY_MONEY_NANO_USD : realNanoUsd;
  const store = await openStore({ dataDir: ":memory:", dataKey: Buffer.alloc(32, 7), log });
  const repositories = await openRepositories(store);
  try {
    readWriterContent();
    const orders = drawOrders().slice(0, context.quick ? QUICK_ORDERS : undefined);
    const task = createPoolDialogue(createNoveltyLedger());
    const { catalogue } = models;
    const priced = entries
      .map((entry) => priceOrders(task, orders, entry, { catalogue, nowMs: startedMs }))
      .toSorted((one, other) => one.worstNanoUsd - other.worstNanoUsd);
    tellPrices(context, priced, spendNanoUsd);
    const offline = await askFor(context, createOfflineContestant({ clock }), orders);
    const deps = { models, repositories, clock, log, seed: context.seeds.join() };
    const { entrants, leftOut } = await askModels(context, { priced, orders, spendNanoUsd, deps });
    const days = [...new Set([startedMs, clock.nowMs()].map(toDay))];
    const sums = await Promise.all(days.map((day) => repositories.ledger.sumDay(day, [])));
    const booked = addTotals(sums.flat());
    const differences = standIns && (await compareStandIns(standIns, entrants, booked));
    return { entrants, offline, leftOut, spendNanoUsd, booked, standIns: differences };
  } finally {
    await store.close();
    await standIns?.stop();
  }
}

function tellPrices(context: BenchContext, priced: readonly Priced[], spendNanoUsd: number): void {
  const worst = priced.reduce((sum, { worstNanoUsd }) => sum + worstNanoUsd, 0);
  context.progress(`asking all takes at most ${toUsd(worst)} USD; ${toUsd(spendNanoUsd)} may be spent`);
  for (const { entry, worstNanoUsd } of priced) {
    context.progress(`  ${nameOf(entry)}: at most ${toUsd(worstNanoUsd)} USD`);
  }
}

interface Race {
  /** The cheapest first. */
  readonly priced: readonly Priced[];
  readonly orders: readonly Order[];
  readonly spendNanoUsd: number;
  readonly deps: ContestDeps;
}

/** One model after the other, so that each one's worst case is held against what those before have really left. */
async function askModels(context: BenchContext, { priced, orders, spendNanoUsd, deps }: Race) {
  const entrants: Entrant[] = [];
  const leftOut: Priced[] = [];
  for (const each of priced) {
    const leftNanoUsd = spendNanoUsd - entrants.reduce((sum, entrant) => sum + costOf(entrant), 0);
    if (each.worstNanoUsd > leftNanoUsd) leftOut.push(each);
    else {
      entrants.push(await askFor(context, createModelContestant(each.entry, leftNanoUsd, deps), orders));
    }
  }
  return { entrants, leftOut };
}

async function askFor(
  context: BenchContext,
  contestant: Contestant,
  orders: readonly Order[],
): Promise<Entrant> {
  const { name, faults } = contestant;
  const answers: Answered[] = [];
  for (const order of orders) {
    answers.push(await contestant.ask(order));
    context.progress(`${name}: ${answers.length} of ${orders.length}`);
  }
  await contestant.close();
  return { name, faults, answers };
}

/** In nano-dollars. */
const costOf = ({ answers }: Entrant): number =>
  answers.reduce((sum, { result }) => sum + Math.round(result.costUsd * NANO_PER_USD), 0);

async function compareStandIns(
  standIns: StandIns,
  entrants: readonly Entrant[],
  booked: LedgerTotal,
): Promise<StandInDifferences> {
  const answers = entrants.flatMap((entrant) => entrant.answers);
  const { answered, refused, invalid } = countOutcomes(answers);
  const repaired = answers.filter(({ result }) => result.repaired).length;
  const letIn = answers.filter(({ isLetIn }) => isLetIn).length;
  const given = await standIns.given();
  const bill = await standIns.bill();
  return {
    answers: sumOfDistances([
      [refused, given.refused],
      // A spoilt answer is followed by a repair, and the order is invalid when that is spoilt as well.
      [repaired + invalid, given.broken],
      [answered - letIn, given.unfit],
      [answered, given.fine + given.unfit],
    ]),
    bill: sumOfDistances([
      [booked.calls, bill.calls],
      [booked.uncachedInputTokens, bill.promptTokens],
      [booked.outputTokens, bill.outputTokens],
    ]),
  };
}

const sumOfDistances = (pairs: readonly (readonly [number, number])[]): number =>
  pairs.reduce((sum, [one, other]) => sum + Math.abs(one - other), 0);

function toResult(contest: Contest): BenchResult {
  const { entrants, offline, leftOut, booked } = contest;
  const all = [...entrants, offline];
  return {
    figures: {
      models: entrants.length,
      leftOut: leftOut.length,
      spentUsd: toUsd(booked.costNanoUsd),
      mayBeSpentUsd: toUsd(contest.spendNanoUsd),
    },
    sideBySide: Object.fromEntries(all.map(({ name, answers }) => [name, measureAnswers(answers)])),
    gates: toGates(contest),
    notes: toNotes(contest),
  };
}

function toGates({ entrants, offline, booked, spendNanoUsd, standIns }: Contest): GateReading[] {
  const none = { limit: 0, better: "lower" } as const;
  const uncounted = [...entrants, offline].map(({ answers }) => {
    const counts: number[] = Object.values(countOutcomes(answers));
    return Math.abs(answers.length - counts.reduce((sum, count) => sum + count, 0));
  });
  const cost = entrants.reduce((sum, entrant) => sum + costOf(entrant), 0);
  return [
    { name: "orders in no count", value: Math.max(...uncounted), ...none },
    {
      name: "nano-dollars by which the ledger differs from the answers' costs",
      value: Math.abs(booked.costNanoUsd - cost),
      ...none,
    },
    {
      name: "nano-dollars spent beyond what may be",
      value: Math.max(0, booked.costNanoUsd - spendNanoUsd),
      ...none,
    },
    ...(standIns
      ? [
          { name: "answers counted otherwise than given", value: standIns.answers, ...none },
          {
            name: "calls and tokens by which the ledger differs from the bill",
            value: standIns.bill,
            ...none,
          },
        ]
      : []),
  ];
}

const STAND_IN_NOTE = `No model is configured, so two stand-ins on loopback were asked, which write by the offline writer; one of them
refuses, breaks the form and breaks a rule by turns. They exercise this benchmark and say nothing of any model.`;

const NOTE = `Each order was asked once, a model after the other and a call at a time: with so few orders, a difference of two or
three conversations is chance. A cost is all that was paid for the model's orders, refused and spoilt ones included, over
its answers. Neighbors and distinct-2 are figures of ai/text-metrics, the latter over 600 tokens: who wrote fewer has none.`;

function toNotes({ entrants, leftOut, standIns }: Contest): string[] {
  const absent = leftOut.map(({ entry, worstNanoUsd }) => `${nameOf(entry)} (${toUsd(worstNanoUsd)} USD)`);
  const faults = entrants.flatMap((each) =>
    each.faults.length > 0 ? [`${each.name}: ${toCounts(each.faults)}`] : [],
  );
  return [
    NOTE,
    ...(standIns ? [STAND_IN_NOTE] : []),
    ...(absent.length > 0
      ? [`Left out, as their worst case is more than was left of BENCH_SPEND_USD: ${absent.join(", ")}.`]
      : []),
    ...(faults.length > 0 ? [`Did not serve: ${faults.join("; ")}.`] : []),
  ];
}

function toCounts(words: readonly string[]): string {
  const groups = [...Map.groupBy(words, (word) => word)];
  return groups.map(([word, { length }]) => `${word} ${length} times`).join(", ");
}
