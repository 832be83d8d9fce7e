import { describe, expect, it } from "vitest";
import { createFakeClock } from "../fake-clock.ts";
import { createLedger } from "./ledger.ts";
import { createMemoryLedger } from "./memory-ports.fixture.ts";
import type { LedgerEntry } from "./ports.ts";

const entry = (id: number): LedgerEntry => ({
  id: `e${id}`,
  accountId: "ada",
  month: "2026-11",
  day: "2026-11-22",
  atMs: id,
  task: "t",
  provider: "groq",
  model: "m",
  outcome: "complete",
  isBatch: false,
  isEstimate: false,
  uncachedInputTokens: 1,
  cachedInputTokens: 0,
  cacheWriteTokens: 0,
  outputTokens: 1,
  thinkingTokens: 0,
  latencyMs: 1,
  costNanoUsd: 1,
  prepaidNanoUsd: 0,
});

function setUp() {
  const clock = createFakeClock();
  const port = createMemoryLedger();
  const errors: unknown[] = [];
  const ledger = createLedger({ port, clock, onError: (error) => errors.push(error) });
  const book = (count: number, from = 0) => {
    for (let at = from; at < from + count; at++) ledger.book(entry(at));
  };
  const ids = () => port.entries.map(({ id }) => id);
  return { clock, port, ledger, errors, book, ids };
}

describe("the ledger", () => {
  it("keeps what is booked within a moment in one write, in order", async () => {
    const { clock, port, book, ids } = setUp();
    book(20);
    await clock.advance(249);
    book(20, 20);
    expect(port.appends()).toBe(0);
    await clock.advance(1);
    expect(port.appends()).toBe(1);
    expect(ids()).toEqual(Array.from({ length: 40 }, (_, at) => `e${at}`));
  });

  it("keeps what is booked later in the next write", async () => {
    const { clock, port, book, ids } = setUp();
    book(1);
    await clock.advance(250);
    book(2, 1);
    await clock.advance(250);
    expect(port.appends()).toBe(2);
    expect(ids()).toEqual(["e0", "e1", "e2"]);
  });

  it("keeps everything once a store that was away is back, and tells of the outage once", async () => {
    const { clock, port, errors, book } = setUp();
    port.fail(3);
    book(2);
    await clock.advance(250);
    expect(port.entries).toHaveLength(0);
    book(1, 2);
    await clock.advance(60_000);
    expect(port.entries).toHaveLength(3);
    expect(errors).toHaveLength(1);
    port.fail(1);
    book(1, 3);
    await clock.advance(60_000);
    expect(port.entries).toHaveLength(4);
    expect(errors).toHaveLength(2);
  });

  it("does not let one entry that the store will not have keep the others from it", async () => {
    const { clock, port, ledger, book, ids } = setUp();
    port.refuse("e0");
    book(4);
    await clock.advance(120_000);
    expect(ids().toSorted()).toEqual(["e1", "e2", "e3"]);
    await ledger.close();
  });

  it("says when so much waits that nothing more should be spent, sooner when the store is away", async () => {
    const { port, clock, ledger, book } = setUp();
    book(1_001);
    expect(ledger.isBehind()).toBe(false);
    port.fail(1);
    await clock.advance(250);
    expect(ledger.isBehind()).toBe(true);
    await clock.advance(2_000);
    expect(ledger.isBehind()).toBe(false);
    expect(port.entries).toHaveLength(1_001);
    book(50_001, 2_000);
    expect(ledger.isBehind()).toBe(true);
  });

  it("writes what is left at the end", async () => {
    const { port, ledger, book } = setUp();
    book(1);
    await ledger.close();
    expect(port.entries).toHaveLength(1);
  });

  it("ends although the store stays away", async () => {
    const { port, clock, ledger, book } = setUp();
    port.fail(1_000);
    book(1);
    await clock.advance(250);
    await ledger.close();
    expect(port.entries).toHaveLength(0);
  });
});
