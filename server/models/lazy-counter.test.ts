import { Registry } from "prom-client";
import { expect, it } from "vitest";
import { createLazyCounter } from "./lazy-counter.ts";

it("a lazy counter shows all that was counted, however often it is read, from 0 on", async () => {
  const registry = new Registry();
  const counter = createLazyCounter({
    name: "calls_total",
    help: "Calls",
    labelNames: ["provider"],
    registers: [registry],
  });
  const ofOne = counter.pending({ provider: "one" });
  counter.pending({ provider: "two" });
  const read = async () =>
    (await registry.metrics()).split("\n").filter((line) => line.startsWith("calls_total"));
  expect(await read()).toEqual([`calls_total{provider="one"} 0`, `calls_total{provider="two"} 0`]);
  ofOne.value++;
  ofOne.value += 2;
  expect(await read()).toEqual([`calls_total{provider="one"} 3`, `calls_total{provider="two"} 0`]);
  expect(await read()).toEqual([`calls_total{provider="one"} 3`, `calls_total{provider="two"} 0`]);
  ofOne.value++;
  expect(await read()).toEqual([`calls_total{provider="one"} 4`, `calls_total{provider="two"} 0`]);
});
