import { type BenchContext, defineBench } from "#loadtest/define-bench.ts";
import type { GateReading } from "#loadtest/judge-gate.ts";
import { makeScratchFolder } from "#loadtest/process/scratch-folder.ts";
import { type Child, startChild } from "#loadtest/process/start-child.ts";
import { runRounds } from "#loadtest/run-rounds.ts";
import { median, percentile } from "#loadtest/statistics.ts";
import type { Booked, CallerSetup, CallRun, CallSample } from "./call-models.bench.ts";
import type { ServeModelOptions } from "./serve-model.bench.ts";

/** 200 calls a second of a second each: 200 under way. */
const EVERY_MS = 5;
const DELAY_MS = 1_000;
const CALLS = 2_000;
/** A full collection of garbage falls into some rounds and not into others: it takes many to even that out. */
const ROUNDS = 12;
const QUICK_CALLS = 200;
const WIDTH = 200;
/** Until every cache is filled. */
const WARM_CALLS = 10_000;
/** Until Node compiles next to nothing any more: it counts as the process' own time. */
const COMPILED_CALLS = 40_000;
/** At once while warming up at a provider that takes a second. */
const WARM_WIDTH = 800;
const LONG_CALLS = 50_000;
const TEXT = JSON.stringify({ text: "I like the rain, it makes the pond sing.", mood: "glad" });

interface House {
  readonly vendor: Child;
  readonly callers: readonly Child[];
  stop(): Promise<void>;
}

/** Both arms at the same time, in two processes: first one way, then the other way round. */
interface Pair {
  readonly bare: readonly CallSample[];
  readonly gateway: readonly CallSample[];
}

interface Memory {
  readonly grownBytes: number;
  readonly perSecond: number;
  readonly missingFromBooks: number;
}

export const bench = defineBench({
  name: "gateway",
  summary:
    "what a task costs beside the call to the vendor, 200 calls under way at a provider that takes a second",
  comparesWith: "the same calls by the vendor's SDK alone, to the same server on loopback, at the same time",
  async run(context) {
    const pace = await measurePace(context);
    const memory = await measureMemory(context);
    return {
      figures: { ...pace.figures, ...toFigures(memory) },
      gates: [...pace.gates, ...toGates(memory, context)],
    };
  },
});

/**
 * The arms run side by side, at one vendor, so that whatever else the machine does hits both alike: one after the other
 * they differ by more than is measured. Then they change places, as no two processes compile their code alike.
 */
async function measurePace(
  context: BenchContext,
): Promise<{ figures: Record<string, number>; gates: GateReading[] }> {
  const calls = context.quick ? QUICK_CALLS : CALLS;
  const house = await openHouse({ delayMs: DELAY_MS, text: TEXT }, 2);
  const [one, other] = house.callers as [Child, Child];
  context.progress("warming up");
  await Promise.all([warmUp(one, context), warmUp(other, context)]);
  const run = async (caller: Child, arm: CallRun["arm"]) =>
    await caller.call<CallSample>("run", { arm, calls, everyMs: EVERY_MS, width: 0 } satisfies CallRun);
  const runPair = async (): Promise<Pair> => {
    const there = await Promise.all([run(one, "bare"), run(other, "gateway")]);
    const back = await Promise.all([run(other, "bare"), run(one, "gateway")]);
    return { bare: [there[0], back[0]], gateway: [there[1], back[1]] };
  };
  const { pairs, twins } = await runRounds(context, { pairs: runPair, twins: runPair }, ROUNDS);
  await house.stop();
  const all = [...pairs, ...twins];
  const samples = { bare: all.flatMap(({ bare }) => bare), gateway: all.flatMap(({ gateway }) => gateway) };
  return {
    figures: {
      callsPerArmAndRound: 4 * calls,
      bareCpuPerCallMs: cpuMs(samples.bare),
      gatewayCpuPerCallMs: cpuMs(samples.gateway),
      bareWholeP50Ms: wholeMs(samples.bare),
      gatewayWholeP50Ms: wholeMs(samples.gateway),
      gatewayOwnP50Ms: ownMs(all, 0.5),
    },
    gates: [
      {
        name: "time in gateway code per call, p99, ms",
        value: ownMs(all, 0.99),
        limit: 3,
        better: "lower",
        noise: Math.abs(ownMs(pairs, 0.99) - ownMs(twins, 0.99)),
      },
      {
        name: "CPU per call beyond the bare SDK's, ms",
        value: extraCpuMs(all),
        limit: 0.25,
        better: "lower",
        noise: Math.abs(extraCpuMs(pairs) - extraCpuMs(twins)),
      },
    ],
  };
}

const cpuMs = (samples: readonly CallSample[]): number =>
  median(samples.map(({ cpuUsPerCall }) => cpuUsPerCall / 1_000));

const wholeMs = (samples: readonly CallSample[]): number =>
  median(samples.map((sample) => percentile(sample.wholeMs, 0.5)));

const extraCpuMs = (pairs: readonly Pair[]): number =>
  median(pairs.map(({ bare, gateway }) => cpuMs(gateway) - cpuMs(bare)));

/** Of the gateway's calls, by run. */
const ownMs = (pairs: readonly Pair[], share: number): number =>
  median(pairs.flatMap(({ gateway }) => gateway.map((sample) => percentile(sample.ownMs, share))));

async function warmUp(caller: Child, { quick }: BenchContext): Promise<void> {
  const calls = quick ? QUICK_CALLS : COMPILED_CALLS;
  for (const arm of ["bare", "gateway"] as const) {
    await caller.call("run", { arm, calls, everyMs: 0, width: WARM_WIDTH } satisfies CallRun);
  }
  // What is still to be written belongs to neither arm.
  await caller.call("settle", calls);
}

/** Memory after many calls, against that after as many as warm everything up. */
async function measureMemory(context: BenchContext): Promise<Memory> {
  const [warm, all] = context.quick ? [QUICK_CALLS, 2 * QUICK_CALLS] : [WARM_CALLS, LONG_CALLS];
  const house = await openHouse({ delayMs: 0, text: TEXT }, 1);
  const caller = house.callers[0] as Child;
  const run = async (calls: number) =>
    await caller.call<CallSample>("run", {
      arm: "gateway",
      calls,
      everyMs: 0,
      width: WIDTH,
    } satisfies CallRun);
  context.progress(`memory: ${warm} calls`);
  await run(warm);
  await caller.call("settle", warm);
  const before = await caller.memory();
  context.progress(`memory: ${all - warm} more`);
  const { perSecond } = await run(all - warm);
  const booked = await caller.call<Booked>("settle", all);
  const after = await caller.memory();
  const billed = await house.vendor.call<Booked>("bill");
  await house.stop();
  const differences = [
    booked.calls - billed.calls,
    booked.promptTokens - billed.promptTokens,
    booked.outputTokens - billed.outputTokens,
  ];
  return {
    grownBytes: after.heapAndExternalBytes - before.heapAndExternalBytes,
    perSecond,
    missingFromBooks: differences.reduce((sum, difference) => sum + Math.abs(difference), 0),
  };
}

const toFigures = ({ perSecond }: Memory) => ({ tasksPerSecondAtNoDelay: perSecond });

function toGates({ grownBytes, missingFromBooks }: Memory, { quick }: BenchContext): GateReading[] {
  return [
    {
      name: "memory grown from 10,000 calls to 50,000, MB",
      value: grownBytes / 1024 / 1024,
      limit: 2,
      better: "lower",
      ...(quick && { noise: 0 }),
    },
    {
      name: "calls and tokens by which the books differ from the vendor's",
      value: missingFromBooks,
      limit: 0,
      better: "lower",
    },
  ];
}

async function openHouse(options: ServeModelOptions, callerCount: number): Promise<House> {
  const vendor = startChild(new URL("serve-model.bench.ts", import.meta.url));
  const baseUrl = await vendor.call<string>("listen", options);
  const callers: Child[] = [];
  for (let at = 0; at < callerCount; at++) {
    const caller = startChild(new URL("call-models.bench.ts", import.meta.url));
    await caller.call("open", { baseUrl, dataDir: makeScratchFolder() } satisfies CallerSetup);
    callers.push(caller);
  }
  return {
    vendor,
    callers,
    async stop() {
      await Promise.all(callers.map(async (caller) => await caller.call("close")));
      await Promise.all([...callers, vendor].map(async (child) => await child.stop()));
    },
  };
}
