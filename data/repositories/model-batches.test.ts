import type { StoredModelBatch } from "#schema/stored/model-batch.ts";
import { describe, expect, it } from "vitest";
import { openMemoryStore } from "./memory-store.fixture.ts";
import { openModelBatches } from "./model-batches.ts";

const DAY_MS = 86_400_000;
const PURSE = "month:system:2026-11";

function toBatch(change: Partial<StoredModelBatch> = {}): StoredModelBatch {
  return {
    id: "pool-1",
    task: "pool-dialogue",
    provider: "groq",
    model: "m",
    state: "submitting",
    isCalledOff: false,
    accountId: "system",
    purseId: PURSE,
    heldNanoUsd: 500,
    itemCount: 100,
    mostInputTokens: 9_000,
    submittedAtMs: 1_000,
    expiresAtMs: 5_000,
    claimedUntilMs: 0,
    ...change,
  };
}

const openEmpty = async () => await openModelBatches(await openMemoryStore());

/** How many of twenty that want the same get it. */
async function countOf(want: () => Promise<unknown>): Promise<number> {
  return (await Promise.all(Array.from({ length: 20 }, want))).filter(Boolean).length;
}

describe("one process alone", () => {
  it("opens a batch", async () => {
    const batches = await openEmpty();
    expect(await countOf(async () => await batches.open(toBatch()))).toBe(1);
    expect(await batches.get("pool-1")).toEqual(toBatch());
  });

  it("has a claim, until it lapses or ends", async () => {
    const batches = await openEmpty();
    await batches.open(toBatch());
    const claim = async (nowMs: number) => await batches.claim("pool-1", "submitting", nowMs, nowMs + 100);
    expect(await countOf(async () => await claim(1_000))).toBe(1);
    expect(await claim(1_099)).toBeNull();
    expect(await claim(1_100)).toMatchObject({ id: "pool-1", claimedUntilMs: 1_200 });
    expect(await batches.extend("pool-1", 1_100, 9_000)).toBe(false);
    expect(await batches.extend("pool-1", 1_200, 0)).toBe(true);
    expect(await claim(1_101)).not.toBeNull();
  });

  it("claims it in the state it believes it to be in", async () => {
    const batches = await openEmpty();
    await batches.open(toBatch());
    expect(await batches.claim("pool-1", "running", 1_000, 2_000)).toBeNull();
  });

  it("tells what the vendor calls it, and frees it", async () => {
    const batches = await openEmpty();
    await batches.open(toBatch({ claimedUntilMs: 9_000 }));
    const ids = Array.from({ length: 20 }, (_, n) => `v${n}`);
    const told = await Promise.all(ids.map((id) => batches.run("pool-1", id, 7_000)));
    const [winner, ...others] = told.filter((batch) => batch !== null);
    expect(others).toEqual([]);
    expect(winner).toMatchObject({ state: "running", expiresAtMs: 7_000, claimedUntilMs: 0 });
    expect(await batches.get("pool-1")).toEqual(winner);
  });

  it("ends it, or forgets it before a vendor had it", async () => {
    const batches = await openEmpty();
    await batches.open(toBatch());
    await batches.run("pool-1", "v", 7_000);
    expect(await batches.discard("pool-1")).toBe(false);
    expect(await countOf(async () => await batches.end("pool-1", "running", "collected", 6_000))).toBe(1);
    expect(await batches.get("pool-1")).toMatchObject({ state: "collected", collectedAtMs: 6_000 });
    expect(await batches.callOff("pool-1")).toBe(false);

    await batches.open(toBatch({ id: "pool-2" }));
    expect(await countOf(async () => await batches.discard("pool-2"))).toBe(1);
  });
});

describe("batches are found", () => {
  it("by what they hold, while they are open", async () => {
    const batches = await openEmpty();
    await batches.open(toBatch());
    await batches.open(toBatch({ id: "pool-2", state: "running", heldNanoUsd: 30 }));
    await batches.open(toBatch({ id: "pool-3", state: "collected", heldNanoUsd: 7 }));
    await batches.open(toBatch({ id: "tale", purseId: "month:ann:2026-11", heldNanoUsd: 2 }));
    expect(await batches.heldFor(PURSE)).toBe(530);
    expect(await batches.heldFor("month:ann:2026-11")).toBe(2);
    expect(await batches.heldFor("month:bob:2026-11")).toBe(0);
  });

  it("by state, and when their time is over", async () => {
    const batches = await openEmpty();
    await batches.open(toBatch({ expiresAtMs: 5_000 }));
    await batches.open(toBatch({ id: "pool-2", state: "running", expiresAtMs: 5_001 }));
    await batches.open(toBatch({ id: "pool-3", state: "failed", expiresAtMs: 1 }));
    expect((await batches.byState("running")).map(({ id }) => id)).toEqual(["pool-2"]);
    expect((await batches.overdue(5_000)).map(({ id }) => id)).toEqual(["pool-1"]);
    expect((await batches.overdue(5_001)).map(({ id }) => id)).toEqual(["pool-1", "pool-2"]);
  });
});

describe("batches are forgotten", () => {
  it("a month after their time, but not while they are open", async () => {
    const batches = await openEmpty();
    for (const state of ["submitting", "running", "collected", "failed", "cancelled"] as const) {
      await batches.open(toBatch({ id: state, state }));
    }
    expect(await batches.expire(5_000 + 30 * DAY_MS - 1)).toBe(0);
    expect(await batches.expire(5_000 + 30 * DAY_MS)).toBe(3);
    expect(await batches.heldFor(PURSE)).toBe(1_000);
  });

  it("with their account, once they have ended", async () => {
    const batches = await openEmpty();
    await batches.open(toBatch({ id: "a", accountId: "ann", state: "collected" }));
    await batches.open(toBatch({ id: "b", accountId: "ann", state: "running" }));
    await batches.open(toBatch({ id: "c", accountId: "bob", state: "collected" }));
    expect(await batches.deleteEnded("ann")).toBe(1);
    expect(await batches.get("c")).not.toBeNull();
  });
});
