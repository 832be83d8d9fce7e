import { afterEach, beforeEach, describe } from "vitest";
import { changeRules } from "./change-rules.ts";
import { engineRules } from "./engine-rules.ts";
import type { FreshStore, OpenFreshStore } from "./harness.ts";
import { insertRules } from "./insert-rules.ts";
import { type Histories, propertyRules } from "./property-rules.ts";
import { queryRules } from "./query-rules.ts";
import { raceRules } from "./race-rules.ts";
import { readRules } from "./read-rules.ts";
import { sealRules } from "./seal-rules.ts";

/** The port's rules, run against one engine; every test gets an empty store of its own. */
export function storeContract(name: string, openFreshStore: OpenFreshStore, histories: Histories): void {
  describe(`store contract on ${name}`, () => {
    let current: FreshStore;
    const fresh = () => current;
    beforeEach(async () => {
      current = await openFreshStore();
    });
    afterEach(() => current.close());

    insertRules(fresh);
    readRules(fresh);
    queryRules(fresh);
    changeRules(fresh);
    raceRules(fresh);
    sealRules(fresh);
    engineRules(fresh);
    propertyRules(fresh, histories);
  });
}
