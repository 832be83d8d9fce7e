import { MODEL_BATCH_STATES, type ModelBatchState, StoredModelBatch } from "#schema/stored/model-batch.ts";
import type { Store } from "../collection.ts";
import { defineCollection } from "../define-collection.ts";

const declaration = defineCollection({
  name: "modelBatches",
  version: 1,
  record: StoredModelBatch,
  indexes: {
    byState: { fields: ["state", "expiresAtMs"] },
    byPurse: { fields: ["purseId", "state"] },
    byAccount: { fields: ["accountId", "state"] },
  },
});

type OpenState = Extract<ModelBatchState, "submitting" | "running">;
type EndState = Exclude<ModelBatchState, OpenState>;

const OPEN: readonly OpenState[] = ["submitting", "running"];
const ENDED = MODEL_BATCH_STATES.filter(
  (state): state is EndState => state !== "submitting" && state !== "running",
);

/** How long an ended one is remembered, so that nobody submits it anew. */
const LIFE_MS = 30 * 86_400_000;
const AT_ONCE = 1_000;

/** Batches at vendors. Every change of state is one step that one process alone can make. */
export interface ModelBatches {
  /** Keeps a new one; false when its id is known. */
  open(batch: StoredModelBatch): Promise<boolean>;
  get(id: string): Promise<StoredModelBatch | null>;
  /** The batch in that state, for one process until `untilMs`; null when another has it, or it is in another state. */
  claim(id: string, state: OpenState, nowMs: number, untilMs: number): Promise<StoredModelBatch | null>;
  /** Moves the end of one's own claim; false when it is another's by now. */
  extend(id: string, claimedUntilMs: number, untilMs: number): Promise<boolean>;
  /** The vendor has it. Null when it is not being submitted any more. */
  run(id: string, vendorBatchId: string, expiresAtMs: number): Promise<StoredModelBatch | null>;
  /** Notes of a running one that it was called off; false when it runs no more. */
  callOff(id: string): Promise<boolean>;
  /** Ends it; true for one caller only, who is to give back what it holds. */
  end(id: string, from: OpenState, to: EndState, nowMs: number): Promise<boolean>;
  /** Forgets one that no vendor has; true for one caller only. */
  discard(id: string): Promise<boolean>;
  byState(state: ModelBatchState): Promise<StoredModelBatch[]>;
  /** Open ones whose time is over. */
  overdue(nowMs: number): Promise<StoredModelBatch[]>;
  /** What open ones hold of a purse, in nano-dollars. */
  heldFor(purseId: string): Promise<number>;
  /** Forgets an account's ended ones. Open ones stay: their money is still to be settled. */
  deleteEnded(accountId: string): Promise<number>;
  /** Forgets what ended long ago. */
  expire(nowMs: number): Promise<number>;
}

export async function openModelBatches(store: Store): Promise<ModelBatches> {
  const batches = await store.collection(declaration);
  const eachOf = async <T>(states: readonly ModelBatchState[], run: (state: ModelBatchState) => Promise<T>) =>
    await Promise.all(states.map(run));
  const sum = (counts: readonly number[]) => counts.reduce((all, count) => all + count, 0);

  return {
    open: async (batch) => (await batches.insertMany([batch])).inserted === 1,
    get: async (id) => await batches.get(id),
    claim: async (id, state, nowMs, untilMs) =>
      await batches.patch(
        id,
        { set: { claimedUntilMs: untilMs } },
        { state, claimedUntilMs: { lte: nowMs } },
      ),
    extend: async (id, claimedUntilMs, untilMs) =>
      (await batches.patch(id, { set: { claimedUntilMs: untilMs } }, { claimedUntilMs })) !== null,
    run: async (id, vendorBatchId, expiresAtMs) => {
      const set = { state: "running", vendorBatchId, expiresAtMs, claimedUntilMs: 0 } as const;
      return await batches.patch(id, { set }, { state: "submitting" });
    },
    callOff: async (id) =>
      (await batches.patch(id, { set: { isCalledOff: true } }, { state: "running" })) !== null,
    end: async (id, from, to, nowMs) => {
      const set = { state: to, collectedAtMs: nowMs, claimedUntilMs: 0 };
      return (await batches.patch(id, { set }, { state: from })) !== null;
    },
    discard: async (id) => await batches.delete(id, { state: "submitting" }),
    async byState(state) {
      const query = { index: "byState", equals: { state } } as const;
      return (await batches.find(query, { limit: AT_ONCE, paged: false })).items;
    },
    async overdue(nowMs) {
      const found = await eachOf(OPEN, async (state) => {
        const query = { index: "byState", equals: { state }, range: { lte: nowMs } } as const;
        return (await batches.find(query, { limit: AT_ONCE, paged: false })).items;
      });
      return found.flat();
    },
    async heldFor(purseId) {
      const held = await eachOf(OPEN, async (state) => {
        const query = { index: "byPurse", equals: { purseId, state } } as const;
        const [all] = await batches.sum(query, [], ["heldNanoUsd"]);
        return all?.sums.heldNanoUsd ?? 0;
      });
      return sum(held);
    },
    async deleteEnded(accountId) {
      const query = (state: ModelBatchState) =>
        ({ index: "byAccount", equals: { accountId, state } }) as const;
      return sum(await eachOf(ENDED, async (state) => await batches.deleteWhere(query(state))));
    },
    async expire(nowMs) {
      const query = (state: ModelBatchState) =>
        ({ index: "byState", equals: { state }, range: { lte: nowMs - LIFE_MS } }) as const;
      return sum(await eachOf(ENDED, async (state) => await batches.deleteWhere(query(state))));
    },
  };
}
