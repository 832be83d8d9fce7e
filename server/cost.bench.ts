import { HOUR_MS, BATCH_SIZE } from "#ai/pool/batch-hours.ts";
import type { VendorBill } from "#ai/providers/contract/serve-vendor.ts";
import { type BenchContext, defineBench } from "#loadtest/define-bench.ts";
import { inParallel } from "#loadtest/drivers/in-parallel.ts";
import type { GateReading } from "#loadtest/judge-gate.ts";
import { createSeededRandom, shuffled } from "#loadtest/seeded-random.ts";
import { differenceFromBooks, priceBill, readServerAccount } from "./cost/compare-bills.bench.ts";
import { drawViewers, type Viewer } from "./cost/draw-viewers.bench.ts";
import { letTimePass } from "./cost/let-time-pass.bench.ts";
import { type House, openHouse } from "./cost/open-house.bench.ts";
import { playDay } from "./cost/play-day.bench.ts";
import { timeChoices } from "./cost/time-choices.bench.ts";
import { priceUnique, writeUnique } from "./cost/write-unique.bench.ts";

interface Sizes {
  readonly viewers: number;
  readonly hours: number;
  readonly unique: number;
}

const FULL: Sizes = { viewers: 100_000, hours: 24, unique: 500 };
const QUICK: Sizes = { viewers: 2_000, hours: 2, unique: 20 };
const VIEWS_EACH = 5;
const NANO_PER_USD = 1e9;
/** Of the day: nothing is bought in its month but on it. */
const START_MS = Date.UTC(2026, 10, 23);
const READ_AT_ONCE = 64;

const NOTE = `A conversation of one's own is priced at what the sampled ones cost in the ledger; "…AtPoolsMean" takes what the pool's
cost instead, and the saving is the lower of the two. Models alone are counted: the spec's 97 % has hosting in it. How many
tokens a text makes (a quarter of its bytes), that the rules of a prompt are kept by the vendor from their second time
on, and 50 to 200 tokens of thinking are assumptions; prices are the catalogue's.`;

export const bench = defineBench({
  name: "cost",
  summary: "what models cost for a day of 100,000 users who see five conversations each, from the ledger",
  comparesWith:
    "a conversation written for each view, at what 500 written for one viewer each cost; and the vendor's own bill",
  async run(context) {
    const sizes = context.quick ? QUICK : FULL;
    const seed = context.seeds.join();
    const viewers = drawViewers(sizes.viewers, seed);
    const house = await openHouse(START_MS - HOUR_MS, seed);
    try {
      return toResult(context, sizes, await measure(context, sizes, house, viewers, seed));
    } finally {
      await house.close();
    }
  },
});

type Measured = Awaited<ReturnType<typeof measure>>;

async function measure(
  context: BenchContext,
  sizes: Sizes,
  house: House,
  viewers: readonly Viewer[],
  seed: string,
) {
  await fillOffline(context, house);
  house.writeBy("llm");
  const visits = viewers.flatMap((_, index) => Array.from({ length: VIEWS_EACH }, () => index));
  const day = {
    startMs: START_MS,
    hours: sizes.hours,
    visits: shuffled(visits, createSeededRandom(`visits/${seed}`)),
  };
  const played = await playDay(house, viewers, day, (hour) =>
    context.progress(`hour ${hour + 1} of ${sizes.hours}: a batch by the model, then views`),
  );
  await house.stopPool();
  const { requests } = await house.vendor.call<VendorBill>("bill");
  const faults = await house.vendor.call<number>("countFaults");
  const [stored, byModel] = [house.written(), house.written("llm")];

  context.progress(`${sizes.unique} conversations for one viewer each`);
  const unique = await writeUnique(house, viewers.slice(0, sizes.unique), seed);
  await house.settle();
  context.progress("reading the books and all views");
  const bill = priceBill(await house.vendor.call<VendorBill>("bill"), house);
  const uniquePrice = await priceUnique(house, unique);
  const billDifference = await differenceFromBooks(bill, house, START_MS);
  const server = await readServerAccount(house);
  const viewsInStore = await countViews(house, viewers);
  context.progress("timing choices");
  const choice = await timeChoices(context, house, viewers);
  return {
    played,
    requests,
    faults,
    byModel,
    stored,
    unique,
    uniquePrice,
    billDifference,
    server,
    viewsInStore,
    choice,
  };
}

/** The day before's pool, without a model; the model learns it, as it is not to repeat it. */
async function fillOffline(
  context: BenchContext,
  { pool, clock, repositories, vendor }: House,
): Promise<void> {
  context.progress("filling the pool offline with the day before");
  await pool.sync.start();
  pool.job.start();
  await letTimePass(clock, pool.job.settled());
  const entries = [...pool.active.iterate({})].toSorted((a, b) => a.expiresAtMs - b.expiresAtMs);
  const ids = entries.map(({ id }) => id);
  for (let at = 0; at < ids.length; at += 2 * BATCH_SIZE) {
    await vendor.call("learn", await repositories.conversations.getMany(ids.slice(at, at + 2 * BATCH_SIZE)));
  }
}

async function countViews({ repositories }: House, viewers: readonly Viewer[]): Promise<number> {
  const counts = await inParallel(viewers, READ_AT_ONCE, async ({ userId }) => {
    const ids = await repositories.views.seenIds(userId, 0);
    return new Set(ids).size;
  });
  return counts.reduce((sum, count) => sum + count, 0);
}

function toResult(context: BenchContext, sizes: Sizes, measured: Measured) {
  const { played, requests, faults, stored, unique, uniquePrice, server } = measured;
  const { total } = server;
  const pooledUsd = total.costNanoUsd / NANO_PER_USD;
  const usdForEachView = (nanoUsd: number) => (nanoUsd * played.views) / NANO_PER_USD;
  const uniqueUsd = usdForEachView(uniquePrice.mean);
  const atPoolsMeanUsd = usdForEachView(total.costNanoUsd / stored);
  const savings = [uniqueUsd, atPoolsMeanUsd].map((usd) => 1 - pooledUsd / usd) as [number, number];
  return {
    figures: {
      viewers: sizes.viewers,
      conversations: stored,
      callsToModel: requests,
      ofThemFailedOrUnfit: faults,
      callsBilled: total.calls,
      promptTokens: total.uncachedInputTokens + total.cachedInputTokens,
      ofThemCached: total.cachedInputTokens,
      outputTokens: total.outputTokens,
      pooledUsdPerDay: pooledUsd,
      uniqueUsdPerDay: uniqueUsd,
      uniqueUsdPerDayStandardError: usdForEachView(uniquePrice.standardError),
      uniqueUsdPerDayAtPoolsMean: atPoolsMeanUsd,
      pooledUsdPerMonth: 30 * pooledUsd,
      uniqueUsdPerMonth: 30 * uniqueUsd,
      uniqueWrittenByModel: unique.filter(({ isByModel }) => isByModel).length,
      cpuPerRecordedViewUs: played.cpuPerViewUs,
    },
    gates: toGates(context, sizes, measured, savings),
    notes: [NOTE],
  };
}

function toGates(
  { quick }: BenchContext,
  sizes: Sizes,
  { played, requests, byModel, stored, billDifference, server, viewsInStore, choice }: Measured,
  savings: readonly [number, number],
): GateReading[] {
  const views = sizes.viewers * VIEWS_EACH;
  const none = { limit: 0, better: "lower" } as const;
  return [
    { name: "views with a conversation", value: played.views - played.empty, limit: views, better: "higher" },
    { name: "views without one, or of an empty or expired one", value: played.empty, ...none },
    { name: "views of a conversation the viewer had seen", value: played.repeated, ...none },
    { name: "different views in the store", value: viewsInStore, limit: views, better: "higher" },
    {
      name: "conversations stored",
      value: stored,
      limit: sizes.hours * BATCH_SIZE,
      better: "higher",
    },
    { name: "of them written by the model, share", value: byModel / stored, limit: 0.99, better: "higher" },
    { name: "calls to the model per conversation", value: requests / stored, limit: 1.05, better: "lower" },
    {
      name: "calls, tokens and nano-dollars by which the ledger differs from the vendor's bill",
      value: billDifference,
      ...none,
    },
    {
      name: "nano-dollars by which the server's purse differs from the ledger",
      value: server.purseDifference,
      ...none,
    },
    {
      name: "CPU of a choice with its casting, µs",
      value: choice.us,
      limit: 50,
      better: "lower",
      noise: quick ? 0 : choice.noise,
    },
    {
      name: "saving against a conversation for each view, share",
      value: Math.min(...savings),
      limit: 0.99,
      better: "higher",
      noise: quick ? 0 : Math.abs(savings[0] - savings[1]),
    },
  ];
}
