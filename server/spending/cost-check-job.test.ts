import { Registry } from "prom-client";
import { beforeEach, describe, expect, it } from "vitest";
import { createFakeClock } from "#ai/fake-clock.ts";
import { openVendor, type Vendor } from "#ai/providers/contract/open-vendor.ts";
import { createCostReports } from "#ai/providers/cost-reports/create-cost-reports.ts";
import { ledgerEntry } from "#data/repositories/ledger-entry.fixture.ts";
import { type Ledger, openLedger } from "#data/repositories/ledger.ts";
import { openMemoryStore } from "#data/repositories/memory-store.fixture.ts";
import { createCostCheckJob } from "./cost-check-job.ts";
import { createCostCheckMetrics } from "./cost-check-metrics.ts";

const USD = 1_000_000_000;
const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
/** Less than a question may take, so that none is given up. */
const STEP_MS = 5_000;
const SUNDAY = Date.UTC(2026, 10, 22);
const SATURDAY = "2026-11-21";
const FRIDAY = "2026-11-20";

let vendor: Vendor;
let ledger: Ledger;
beforeEach(async () => {
  vendor = await openVendor();
  ledger = await openLedger(await openMemoryStore());
});

async function book(day: string, provider: string, usd: number): Promise<void> {
  const entry = ledgerEntry(`${day} ${provider} ${usd}`, {
    atMs: Date.parse(day) + HOUR_MS,
    provider,
    costNanoUsd: usd * USD,
  });
  await ledger.append([entry]);
}

/** From now on the vendor says so of that day. */
function bill(day: string, ...usd: number[]): void {
  const results = usd.map((value) => ({ amount: { value, currency: "usd" } }));
  const data = [{ start_time: Date.parse(day) / 1000, results }];
  reply(200, { data, has_more: false });
}

function reply(status: number, body: unknown): void {
  vendor.play({ type: "reply", response: { status, headers: {}, body: JSON.stringify(body) } });
}

/** The days it was asked about. */
const asked = () =>
  vendor.received.map(({ path }) => {
    const seconds = new URL(path, vendor.baseUrl).searchParams.get("start_time");
    return new Date(Number(seconds) * 1000).toISOString().slice(0, 10);
  });

function open(startMs = SUNDAY + 7 * HOUR_MS) {
  const clock = createFakeClock(startMs);
  const registry = new Registry();
  const logged: { level: string; fields: unknown; text: string }[] = [];
  const note = (level: string) => (fields: unknown, text?: string) =>
    void logged.push({ level, fields, text: text ?? "" });
  const role = { isLeader: true };
  const readKey = () => "admin-key";
  const job = createCostCheckJob({
    reports: createCostReports({ openai: { readKey, baseUrl: vendor.baseUrl } }, clock),
    ledger,
    metrics: createCostCheckMetrics(registry),
    clock,
    log: { info: note("info"), warn: note("warn") },
    isLeader: () => role.isLeader,
  });
  job.start();
  const metric = async (name: string) => {
    const { values } = await registry.getSingleMetric(name)!.get();
    return values.map(({ value }) => value);
  };
  return {
    clock,
    job,
    role,
    logged,
    deviation: async () => await metric("parley_cost_report_deviation_ratio"),
    differs: async () => await metric("parley_cost_report_differs"),
    /** Lets time pass in steps, each with all that it brings about. */
    pass: async (ms: number) => {
      for (let passedMs = 0; passedMs < ms; passedMs += STEP_MS) {
        await clock.advance(STEP_MS);
        await job.settled();
      }
    },
  };
}

describe("the daily comparison of bills with the books", () => {
  it("is content when they agree, and does not ask twice", async () => {
    await book(SATURDAY, "openai", 2);
    await book(SATURDAY, "groq", 40);
    await book(FRIDAY, "openai", 40);
    bill(SATURDAY, 1.5, 0.52);
    const { job, logged, deviation, differs, pass } = open();
    await pass(MINUTE_MS);
    expect(job.checks()).toMatchObject([
      {
        provider: "openai",
        day: SATURDAY,
        billedNanoUsd: 2.02 * USD,
        bookedNanoUsd: 2 * USD,
        isAlert: false,
      },
    ]);
    expect(logged.map(({ level }) => level)).toEqual(["info"]);
    expect(await deviation()).toEqual([expect.closeTo(0.0099, 4)]);
    expect(await differs()).toEqual([0]);
    await pass(20 * HOUR_MS);
    expect(asked()).toEqual([SATURDAY]);
    await job.stop();
  });

  it.each([
    [3, "a vendor billed more than the books know", 1 / 3],
    [1, "a vendor billed less than the books know", -1 / 2],
  ])("alerts when 2 dollars are booked and %d billed", async (billed, words, share) => {
    await book(SATURDAY, "openai", 2);
    bill(SATURDAY, billed);
    const { job, logged, deviation, differs, pass } = open();
    await pass(MINUTE_MS);
    expect(job.checks()).toMatchObject([{ isAlert: true }]);
    expect(logged).toEqual([
      {
        level: "warn",
        fields: { provider: "openai", day: SATURDAY, billedUsd: billed, bookedUsd: 2 },
        text: expect.stringContaining(words),
      },
    ]);
    expect(await differs()).toEqual([1]);
    expect(await deviation()).toEqual([expect.closeTo(share, 9)]);
    await job.stop();
  });

  it("takes a day's bill for whole at six in the morning, and then looks at the next", async () => {
    bill(FRIDAY);
    const { job, pass } = open(SUNDAY + 6 * HOUR_MS - 2 * MINUTE_MS);
    await pass(MINUTE_MS);
    bill(SATURDAY);
    await pass(MINUTE_MS / 2);
    expect(asked()).toEqual([FRIDAY]);
    await pass(MINUTE_MS);
    expect(asked()).toEqual([FRIDAY, SATURDAY]);
    expect(job.checks().map(({ day }) => day)).toEqual([FRIDAY, SATURDAY]);
    await job.stop();
  });

  it("asks again an hour later while nothing is told of the day, and says nothing of it", async () => {
    reply(200, { data: [], has_more: false });
    const { job, logged, pass } = open();
    await pass(HOUR_MS);
    expect(asked()).toHaveLength(1);
    bill(SATURDAY);
    await pass(2 * MINUTE_MS);
    expect(asked()).toEqual([SATURDAY, SATURDAY]);
    expect(logged.map(({ level }) => level)).toEqual(["info"]);
    await job.stop();
  });

  it("tells once that a report cannot be read, and tries on", async () => {
    reply(401, { error: { message: "bad key admin-key" } });
    const { job, logged, pass } = open();
    await pass(4 * HOUR_MS - MINUTE_MS);
    expect(asked()).toHaveLength(4);
    expect(logged).toHaveLength(1);
    expect(logged[0]).toMatchObject({
      level: "warn",
      fields: { provider: "openai", reason: "HTTP 401" },
      text: expect.stringContaining("tried again every hour"),
    });
    expect(JSON.stringify(logged)).not.toContain("admin-key");
    bill(SATURDAY);
    await pass(HOUR_MS);
    expect(job.checks()).toHaveLength(1);
    await job.stop();
  });

  it("is left to the process that leads, whose figure alone is shown", async () => {
    bill(SATURDAY);
    const { job, role, deviation, pass } = open();
    role.isLeader = false;
    await pass(3 * HOUR_MS);
    expect(job.checks()).toEqual([]);
    role.isLeader = true;
    await pass(MINUTE_MS);
    expect(asked()).toEqual([SATURDAY]);
    expect(await deviation()).toEqual([0]);
    role.isLeader = false;
    await pass(MINUTE_MS);
    expect(await deviation()).toEqual([]);
    await job.stop();
  });

  it("tries on as well when the books cannot be read", async () => {
    const whole = ledger;
    let isBroken = true;
    ledger = {
      ...whole,
      async sumDay(day, by) {
        if (isBroken) throw new Error("the disk is gone");
        return await whole.sumDay(day, by);
      },
    };
    bill(SATURDAY);
    const { job, logged, pass } = open();
    await pass(MINUTE_MS);
    expect(logged).toMatchObject([{ level: "warn", fields: { reason: "the books cannot be read" } }]);
    isBroken = false;
    await pass(HOUR_MS);
    expect(job.checks()).toHaveLength(1);
    await job.stop();
  });

  it("stops at once, in the middle of a question, without a word", async () => {
    const { clock, job, logged, pass } = open();
    const waiting = vendor.nextRequest();
    await clock.advance(STEP_MS);
    await waiting;
    await job.stop();
    await pass(3 * HOUR_MS);
    expect(asked()).toEqual([SATURDAY]);
    expect(logged).toEqual([]);
  });
});
