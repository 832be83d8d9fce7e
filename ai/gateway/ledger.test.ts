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
  const book = (count: number, from = 0) =>
    Promise.all(Array.from({ length: count }, async (_, at) => await ledger.book(entry(from + at))));
  return { clock, port, ledger, errors, book };
}

describe("the ledger", () => {
  it("keeps what is booked at the same time in one write, in order", async () => {
    const { port, book } = setUp();
    await book(40);
    expect(port.appends()).toBe(1);
    expect(port.entries.map(({ id }) => id)).toEqual(Array.from({ length: 40 }, (_, at) => `e${at}`));
  });

  it("keeps what is booked during a write in the next", async () => {
    const { port, ledger } = setUp();
    const first = ledger.book(entry(1));
    await Promise.resolve();
    await Promise.all([first, ledger.book(entry(2)), ledger.book(entry(3))]);
    expect(port.appends()).toBe(2);
    expect(port.entries).toHaveLength(3);
  });

  it("holds up no call while the store is away, and keeps everything once it is back", async () => {
    const { port, clock, errors, book } = setUp();
    port.fail(3);
    await book(2);
    expect(port.entries).toHaveLength(0);
    await book(1, 2);
    await clock.advance(60_000);
    expect(port.entries).toHaveLength(3);
    expect(errors).toHaveLength(1);
  });

  it("says when so much waits that nothing more should be spent", async () => {
    const { port, clock, ledger, book } = setUp();
    port.fail(1);
    const booked = book(1_001);
    await clock.advance(0);
    expect(ledger.isBehind()).toBe(true);
    await clock.advance(1_000);
    await booked;
    expect(ledger.isBehind()).toBe(false);
  });

  it("writes what is left at the end", async () => {
    const { port, ledger } = setUp();
    const booked = ledger.book(entry(1));
    await ledger.close();
    await booked;
    expect(port.entries).toHaveLength(1);
  });

  it("ends although the store stays away", async () => {
    const { port, clock, ledger } = setUp();
    port.fail(1_000);
    const booked = ledger.book(entry(1));
    await clock.advance(0);
    await ledger.close();
    await booked;
    expect(port.entries).toHaveLength(0);
  });
});
