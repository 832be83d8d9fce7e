import type { BatchItem, BatchModel, BatchResult, BatchState } from "../batch-model.ts";
import { ProviderError } from "../providers/provider-error.ts";

export interface ScriptedBatch {
  readonly id: string;
  readonly name: string;
  readonly items: readonly BatchItem[];
  state: BatchState;
  isCancelled: boolean;
  results: readonly BatchResult[];
}

type Call = "submit" | "find" | "look" | "results" | "cancel";

export interface ScriptedBatchModel extends BatchModel {
  readonly batches: readonly ScriptedBatch[];
  /** Ends all batches; every item has what this gives for it, none when it gives nothing. */
  finish(toResult: (item: BatchItem) => BatchResult | undefined, state?: "done" | "failed"): void;
  /** The next such call fails; with `after`, the vendor has done it all the same. */
  failNext(call: Call, error: Error, when?: "before" | "after"): void;
}

/** A vendor of batches for tests. One that takes no names knows batches only once they have ended. */
export function createScriptedBatchModel({ takesNames = true } = {}): ScriptedBatchModel {
  const batches: ScriptedBatch[] = [];
  let failing: { call: Call; error: Error; when: "before" | "after" } | undefined;

  async function perform<T>(call: Call, run: () => T): Promise<T> {
    await Promise.resolve();
    const fails = failing?.call === call ? failing : undefined;
    if (fails) failing = undefined;
    if (fails?.when === "before") throw fails.error;
    const result = run();
    if (fails) throw fails.error;
    return result;
  }

  const get = (id: string): ScriptedBatch => {
    const found = batches.find((batch) => batch.id === id);
    if (!found) throw new ProviderError("groq", "unknown-model", { status: 404 });
    return found;
  };

  return {
    provider: "groq",
    model: "groq-model",
    batches,
    finish(toResult, state = "done") {
      for (const batch of batches) {
        batch.state = state;
        batch.results = batch.items.map(toResult).filter((result) => result !== undefined);
      }
    },
    failNext: (call, error, when = "before") => void (failing = { call, error, when }),
    submit: async (name, items) =>
      await perform("submit", () => {
        const id = `vendor-${batches.length + 1}`;
        batches.push({ id, name, items, state: "running", isCancelled: false, results: [] });
        return id;
      }),
    find: async ({ name }) =>
      await perform("find", () => {
        const found = batches.find((batch) => batch.name === name);
        if (!found) return { state: "none" };
        if (!takesNames && found.state === "running") return { state: "unclear" };
        return { state: "found", batchId: found.id };
      }),
    look: async (id) =>
      await perform("look", () => {
        const { state, items, results } = get(id);
        return { state, done: results.length, total: items.length };
      }),
    async *results(id) {
      yield* await perform("results", () => get(id).results);
    },
    cancel: async (id) => await perform("cancel", () => void (get(id).isCancelled = true)),
  };
}
