import { expect, test } from "vitest";
import { createFakeClock } from "../fake-clock.ts";
import { createPoolDialogue } from "../tasks/pool-dialogue.ts";
import { runOffline } from "../run-task.ts";
import { readStarterTopics } from "#data/content/read-starter-topics.ts";
import { createNoveltyLedger } from "../writer/novelty/ledger.ts";
import { createActivePool } from "./active-pool.ts";
import { hourStartMs } from "./batch-hours.ts";
import { createGenerator } from "./generator.ts";
import { createMemoryLog, createMemoryPorts, type MemoryPorts } from "./memory-ports.ts";
import { createPoolLedger } from "./pool-ledger.ts";

const HOURS = ["2026-01-01T00", "2026-01-01T01", "2026-01-01T02"] as const;
const topics = readStarterTopics(0).slice(0, 6);

/** A process that writes into a store which others may share. */
function createProcess(ports: MemoryPorts) {
  const pool = createActivePool();
  const ledger = createNoveltyLedger();
  const novelty = createPoolLedger({ ledger, pool, conversations: ports.conversations });
  const generator = createGenerator({
    runTask: runOffline,
    task: createPoolDialogue(ledger),
    conversations: ports.conversations,
    clock: createFakeClock(hourStartMs(HOURS[0])),
    log: createMemoryLog(),
    novelty,
    contentVersion: "1",
    approach: () => ({ method: "template" }),
    onEvent: () => {},
    onInserted: (entries) => entries.forEach((entry) => pool.add(entry)),
  });
  return {
    pool,
    ledger,
    novelty,
    write: (hour: string, indexes: readonly number[]) =>
      generator.generate({
        hour,
        indexes,
        topics,
        attempt: 0,
        byModels: false,
        signal: new AbortController().signal,
      }),
    /** As after a start: what is in the store comes into the pool. */
    async join() {
      for await (const entry of ports.conversations.iterateActiveEntries(0)) pool.add(entry);
    },
  };
}

const textsOf = (ports: MemoryPorts, hour: string) =>
  [...ports.conversations.records.values()]
    .filter(({ batchSlot }) => batchSlot.startsWith(hour))
    .map(({ messages }) => messages.map(({ text }) => text));

test("another process that takes over writes on exactly as this one would have", async () => {
  const [stayed, moved] = [createMemoryPorts(), createMemoryPorts()];
  const one = createProcess(stayed);
  await one.write(HOURS[0], [0, 1, 2, 3, 4]);
  await one.write(HOURS[1], [0, 1, 2]);

  await createProcess(moved).write(HOURS[0], [0, 1, 2, 3, 4]);
  const other = createProcess(moved);
  await other.join();
  await other.write(HOURS[1], [0, 1, 2]);

  expect(textsOf(moved, HOURS[1])).toEqual(textsOf(stayed, HOURS[1]));
  expect(other.ledger.size).toBe(8);
});

test("what has left the pool may be said again", async () => {
  const ports = createMemoryPorts();
  const process = createProcess(ports);
  await process.write(HOURS[0], [0, 1, 2]);
  for (const id of ports.conversations.records.keys()) process.pool.remove(id);
  await process.write(HOURS[1], [0]);
  expect(process.ledger.size).toBe(1);
  const [line] = textsOf(ports, HOURS[0])[0] ?? [];
  expect(process.ledger.judge(line ?? "").isStale).toBe(false);
});

test("what the store refused is not noted", async () => {
  const ports = createMemoryPorts();
  const process = createProcess(ports);
  ports.conversations.insertMany = () => Promise.reject(new Error("no store"));
  expect(await process.write(HOURS[0], [0, 1])).toMatchObject({ written: 0, failed: 2 });
  expect(process.ledger.size).toBe(0);
});

test("a run that begins while another is under way keeps what that one has not stored yet", async () => {
  const ports = createMemoryPorts();
  const { novelty, write, pool } = createProcess(ports);
  await write(HOURS[0], [0]);
  const [stored] = ports.conversations.records.values();
  if (!stored) throw new Error("nothing was written");
  novelty.note({ ...stored, id: "under-way" });
  await novelty.catchUp();
  expect(pool.get("under-way")).toBeUndefined();
  expect([...novelty.ledger.ids()].toSorted()).toEqual([stored.id, "under-way"].toSorted());

  novelty.settle("under-way", true);
  await novelty.catchUp();
  expect([...novelty.ledger.ids()]).toEqual([stored.id]);

  novelty.note({ ...stored, id: "given-up" });
  novelty.settle("given-up", false);
  expect(novelty.ledger.has("given-up")).toBe(false);
});
