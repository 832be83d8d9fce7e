import { expect, test } from "vitest";
import { ledgerEntry } from "#data/repositories/ledger-entry.fixture.ts";
import { openLedger } from "#data/repositories/ledger.ts";
import { openMemoryStore } from "#data/repositories/memory-store.fixture.ts";
import { openPurses } from "#data/repositories/purses.ts";
import { healPurses, type HealingPorts } from "./heal-purses.ts";
import type { LedgerPort, PursesPort } from "./ports.ts";

const MINUTE_MS = 60_000;
const DIED_MS = Date.UTC(2026, 10, 22, 12);
const MONTH = "month:ann:2026-11";

async function openPorts(batches: Record<string, number> = {}) {
  const store = await openMemoryStore();
  const [purses, ledger] = [await openPurses(store), await openLedger(store)];
  const heldByBatches = async (id: string) => batches[id] ?? 0;
  return { purses, ledger, heldByBatches } satisfies HealingPorts & {
    purses: PursesPort;
    ledger: LedgerPort;
  };
}

type Ports = Awaited<ReturnType<typeof openPorts>>;
const held = async ({ purses }: Ports, id: string) => (await purses.get(id))?.heldNanoUsd;

test("what a process held when it died is put back, ten minutes later", async () => {
  const ports = await openPorts();
  await ports.ledger.append([
    ledgerEntry("a", { conversationId: "c1", costNanoUsd: 700 }),
    ledgerEntry("b", { conversationId: "c1", costNanoUsd: 300, prepaidNanoUsd: 300 }),
    ledgerEntry("c", { atMs: Date.UTC(2026, 9, 1), costNanoUsd: 50, prepaidNanoUsd: 50 }),
    ledgerEntry("d", { accountId: "bob", costNanoUsd: 9 }),
  ]);
  for (const id of [MONTH, "prepaid:ann", "conversation:c1", "month:bob:2026-10"]) {
    await ports.purses.take(id, 5_000, 10_000, DIED_MS);
  }
  expect(await healPurses(ports, DIED_MS + 10 * MINUTE_MS)).toBe(0);
  expect(await healPurses(ports, DIED_MS + 10 * MINUTE_MS + 1)).toBe(4);
  expect(await held(ports, MONTH)).toBe(700);
  expect(await held(ports, "prepaid:ann")).toBe(350);
  expect(await held(ports, "conversation:c1")).toBe(1_000);
  expect(await held(ports, "month:bob:2026-10")).toBe(0);
  expect(await healPurses(ports, DIED_MS + 60 * MINUTE_MS)).toBe(0);
});

test("what batches under way hold stays taken", async () => {
  const ports = await openPorts({ [MONTH]: 2_000 });
  await ports.ledger.append([ledgerEntry("a", { costNanoUsd: 700 })]);
  await ports.purses.take(MONTH, 5_000, 10_000, DIED_MS);
  await healPurses(ports, DIED_MS + 11 * MINUTE_MS);
  expect(await held(ports, MONTH)).toBe(2_700);
});

test("a purse that a living process shows to hold is left alone, and so is one taken from meanwhile", async () => {
  const ports = await openPorts();
  await ports.purses.take(MONTH, 5_000, 10_000, DIED_MS);
  await ports.purses.take("prepaid:ann", 4_000, 10_000, DIED_MS);
  const nowMs = DIED_MS + 11 * MINUTE_MS;
  await ports.purses.giveBack(MONTH, 0, nowMs - MINUTE_MS);
  const heldByBatches = async (id: string) => {
    await ports.purses.take(id, 1, 10_000, nowMs);
    return 0;
  };
  expect(await healPurses({ ...ports, heldByBatches }, nowMs)).toBe(0);
  expect(await held(ports, MONTH)).toBe(5_000);
  expect(await held(ports, "prepaid:ann")).toBe(4_001);
});

test("more purses than are looked at in one go are all healed", async () => {
  const ports = await openPorts();
  const ids = Array.from({ length: 230 }, (_, n) => `conversation:c${n}`);
  await Promise.all(ids.map(async (id) => await ports.purses.take(id, 5, 10, DIED_MS)));
  expect(await healPurses(ports, DIED_MS + 11 * MINUTE_MS)).toBe(230);
  expect(await Promise.all(ids.map(async (id) => await held(ports, id)))).toEqual(ids.map(() => 0));
});
