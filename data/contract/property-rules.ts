import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { FreshStore } from "./harness.ts";
import { Model } from "./model.ts";
import { pageThrough, randomStep } from "./random-steps.ts";
import { items } from "./sample-collections.ts";

/** How much of the random part to run: so many histories of at most so many steps. */
export interface Histories {
  readonly count: number;
  readonly steps: number;
}

const SEED = 20_260_101;

/** Rule 6.x: random histories agree with the model, step by step. */
export function propertyRules(fresh: () => FreshStore, { count, steps }: Histories): void {
  describe("random histories", () => {
    test("6.1 every answer is the model's", { timeout: 300_000 }, async () => {
      const engine = await fresh().store.collection(items);
      const history = fc.array(randomStep, { minLength: 1, maxLength: steps, size: "max" });
      await fc.assert(
        fc.asyncProperty(history, async (taken) => {
          await engine.deleteWhere({ index: "bySlug" });
          const model = new Model(items);
          for (const step of taken) {
            const wanted = await outcomeOf(() => step.expect(model));
            const { label } = step;
            expect({ label, ...(await outcomeOf(() => step.run(engine))) }).toStrictEqual({
              label,
              ...wanted,
            });
          }
          const left = await pageThrough((options) => engine.find({ index: "bySlug" }, options), 100);
          expect(left).toStrictEqual(model.find({ index: "bySlug" }));
        }),
        { seed: SEED, numRuns: count },
      );
    });
  });
}

async function outcomeOf(act: () => unknown): Promise<{ value: unknown } | { error: string }> {
  try {
    return { value: await act() };
  } catch (error) {
    return { error: (error as Error).name };
  }
}
