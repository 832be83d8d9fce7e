import { LocalPresence } from "@colyseus/core";
import { expect, it } from "vitest";
import { createCastChanges } from "./cast-changes.ts";
import { createLog } from "./log.ts";

const log = createLog("silent");

it("a changed collection is heard of once in every process, and at once in its own", async () => {
  const shared = new LocalPresence();
  const heard: string[] = [];
  const processes = ["a", "b", "c"].map((name) => {
    const changes = createCastChanges({ presence: () => shared, log });
    changes.subscribe((userId) => void heard.push(`${name}: ${userId}`));
    return changes;
  });
  for (const process of processes) await process.listen();
  processes[0]?.tell("ann");
  expect(heard[0]).toBe("a: ann");
  await expect.poll(() => heard.toSorted()).toEqual(["a: ann", "b: ann", "c: ann"]);
});

it("those who listen hear in the order they began to, until they stop", () => {
  const changes = createCastChanges({ presence: () => new LocalPresence(), log });
  const heard: string[] = [];
  const stop = changes.subscribe(() => void heard.push("first"));
  changes.subscribe(() => void heard.push("second"));
  changes.tell("ann");
  stop();
  changes.tell("ann");
  expect(heard).toEqual(["first", "second", "second"]);
});

it("a change counts here also when others cannot be told", async () => {
  const warnings: string[] = [];
  const presence = { publish: () => Promise.reject(new Error("away")), subscribe: () => Promise.reject() };
  const changes = createCastChanges({
    presence: () => presence,
    log: Object.assign(createLog("silent"), {
      warn: (_fields: unknown, text: string) => void warnings.push(text),
    }),
  });
  const heard: string[] = [];
  changes.subscribe((userId) => void heard.push(userId));
  changes.tell("ann");
  expect(heard).toEqual(["ann"]);
  await expect.poll(() => warnings).toEqual(["a changed collection could not be told to other processes"]);
});
