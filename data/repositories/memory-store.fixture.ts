import { onTestFinished } from "vitest";
import type { Store } from "../collection.ts";
import { openStore } from "../open.ts";

/** An embedded store in memory, closed when the test is done. */
export async function openMemoryStore(): Promise<Store> {
  const store = await openStore({ dataDir: ":memory:", dataKey: Buffer.alloc(32, 5) });
  onTestFinished(async () => await store.close());
  return store;
}
