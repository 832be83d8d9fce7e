import { StoredLease } from "#schema/stored/lease.ts";
import type { Store } from "../collection.ts";
import { defineCollection } from "../define-collection.ts";
import { DuplicateKeyError } from "../errors.ts";

const declaration = defineCollection({ name: "leases", version: 1, record: StoredLease, indexes: {} });

/** Named rights of which one process at a time holds each. */
export interface Leases {
  /** Takes the lease for `ttlMs`, or renews one's own; false while another holds it. */
  acquire(name: string, owner: string, nowMs: number, ttlMs: number): Promise<boolean>;
  /** Gives it back before its time; another's is left alone. */
  release(name: string, owner: string): Promise<void>;
}

export async function openLeases(store: Store): Promise<Leases> {
  const leases = await store.collection(declaration);
  return {
    async acquire(name, owner, nowMs, ttlMs) {
      const untilMs = nowMs + ttlMs;
      if (await leases.patch(name, { set: { untilMs } }, { owner })) return true;
      if (await leases.patch(name, { set: { owner, untilMs } }, { untilMs: { lte: nowMs } })) return true;
      try {
        await leases.insert({ id: name, owner, untilMs });
        return true;
      } catch (error) {
        if (error instanceof DuplicateKeyError) return false;
        throw error;
      }
    },
    async release(name, owner) {
      await leases.delete(name, { owner });
    },
  };
}
