import { beforeEach, expect, test } from "vitest";
import { createActivePool, toPoolEntry, type ActivePool } from "./active-pool.ts";
import { createMemoryPorts, type MemoryPorts } from "./memory-ports.ts";
import { createConversation } from "./pool-entry.fixture.ts";
import type { ConversationReader } from "./ports.ts";
import { rememberConversations } from "./remember-conversations.ts";

const HOUR = "2026-01-01T00";

let ports: MemoryPorts;
let pool: ActivePool;
let reads: string[];
let source: ConversationReader;

function store(index: number): string {
  const conversation = createConversation(HOUR, index);
  ports.conversations.records.set(conversation.id, conversation);
  pool.add(toPoolEntry(conversation));
  return conversation.id;
}

beforeEach(() => {
  ports = createMemoryPorts();
  pool = createActivePool();
  reads = [];
  source = {
    get(id) {
      reads.push(id);
      return ports.conversations.get(id);
    },
  };
});

test("a conversation of the pool is read once", async () => {
  const reader = rememberConversations(source, pool);
  const id = store(1);
  const first = await reader.get(id);
  expect(first?.id).toBe(id);
  expect(await reader.get(id)).toBe(first);
  expect(reads).toEqual([id]);
});

test("one that left the pool is forgotten, also when it left while it was read", async () => {
  const reader = rememberConversations(source, pool);
  const removed = store(1);
  await reader.get(removed);
  pool.remove(removed);
  ports.conversations.records.delete(removed);
  expect(await reader.get(removed)).toBeNull();

  const leaving = store(2);
  const reading = reader.get(leaving);
  pool.remove(leaving);
  expect((await reading)?.id).toBe(leaving);
  ports.conversations.records.delete(leaving);
  expect(await reader.get(leaving)).toBeNull();
});

test("no more are remembered than allowed, the latest ones", async () => {
  const reader = rememberConversations(source, pool, 2);
  const ids = [store(1), store(2), store(3)];
  for (const id of ids) await reader.get(id);
  for (const id of ids.toReversed()) await reader.get(id);
  expect(reads).toEqual([...ids, ids[0]]);
});
