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
  readonly caller: Child;
  stop(): Promise<void>;
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
  comparesWith:
    "the same calls by the vendor's SDK alone, to the same server on loopback, from the same process",
  async run(context) {
    const pace = await measurePace(context);
    const memory = await measureMemory(context);
    return {
      figures: { ...pace.figures, ...toFigures(memory) },
      gates: [...pace.gates, ...toGates(memory, context)],
    };
  },
});

async function measurePace(
  context: BenchContext,
): Promise<{ figures: Record<string, number>; gates: GateReading[] }> {
  const calls = context.quick ? QUICK_CALLS : CALLS;
  const house = await openHouse({ delayMs: DELAY_MS, text: TEXT });
  const arm = (name: CallRun["arm"]) => async () =>
    await house.caller.call<CallSample>("run", {
      arm: name,
      calls,
      everyMs: EVERY_MS,
      width: 0,
    } satisfies CallRun);
  const warmUp = { calls: context.quick ? QUICK_CALLS : COMPILED_CALLS, everyMs: 0, width: WARM_WIDTH };
  for (const name of ["bare", "gateway"] as const) {
    context.progress(`warming up: ${name}`);
    await house.caller.call("run", { arm: name, ...warmUp } satisfies CallRun);
  }
  const samples = await runRounds(context, {
    bare: arm("bare"),
    bareTwin: arm("bare"),
    gateway: arm("gateway"),
    gatewayTwin: arm("gateway"),
  });
  await house.stop();
  const { bare, bareTwin, gateway, gatewayTwin } = samples;
  const extraCpu = (with_: readonly CallSample[], without: readonly CallSample[]) =>
    median(
      with_.map(({ cpuUsPerCall }, round) => cpuUsPerCall - (without[round]?.cpuUsPerCall ?? Number.NaN)),
    );
  const own = (taken: readonly CallSample[], share: number) =>
    median(taken.map(({ ownMs }) => percentile(ownMs, share)));
  const cpuUs = [extraCpu(gateway, bare), extraCpu(gatewayTwin, bareTwin)] as const;
  const p99 = [own(gateway, 0.99), own(gatewayTwin, 0.99)] as const;
  const whole = (taken: readonly CallSample[]) =>
    median(taken.map(({ wholeMs }) => percentile(wholeMs, 0.5)));
  return {
    figures: {
      callsPerArmAndRound: calls,
      bareCpuPerCallUs: median([...bare, ...bareTwin].map(({ cpuUsPerCall }) => cpuUsPerCall)),
      bareWholeP50Ms: whole([...bare, ...bareTwin]),
      gatewayWholeP50Ms: whole([...gateway, ...gatewayTwin]),
      gatewayOwnP50Ms: own([...gateway, ...gatewayTwin], 0.5),
    },
    gates: [
      {
        name: "time in gateway code per call, p99, ms",
        value: median(p99),
        limit: 3,
        better: "lower",
        noise: Math.abs(p99[0] - p99[1]),
      },
      {
        name: "CPU per call beyond the bare SDK's, ms",
        value: median(cpuUs) / 1_000,
        limit: 0.25,
        better: "lower",
        noise: Math.abs(cpuUs[0] - cpuUs[1]) / 1_000,
      },
    ],
  };
}

/** Memory after many calls, against that after as many as warm everything up. */
async function measureMemory(context: BenchContext): Promise<Memory> {
  const [warm, all] = context.quick ? [QUICK_CALLS, 2 * QUICK_CALLS] : [WARM_CALLS, LONG_CALLS];
  const house = await openHouse({ delayMs: 0, text: TEXT });
  const run = async (calls: number) =>
    await house.caller.call<CallSample>("run", {
      arm: "gateway",
      calls,
      everyMs: 0,
      width: WIDTH,
    } satisfies CallRun);
  context.progress(`memory: ${warm} calls`);
  await run(warm);
  await house.caller.call("settle", warm);
  const before = await house.caller.memory();
  context.progress(`memory: ${all - warm} more`);
  const { perSecond } = await run(all - warm);
  const booked = await house.caller.call<Booked>("settle", all);
  const after = await house.caller.memory();
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

async function openHouse(options: ServeModelOptions): Promise<House> {
  const vendor = startChild(new URL("serve-model.bench.ts", import.meta.url));
  const caller = startChild(new URL("call-models.bench.ts", import.meta.url));
  const baseUrl = await vendor.call<string>("listen", options);
  await caller.call("open", { baseUrl, dataDir: makeScratchFolder() } satisfies CallerSetup);
  return {
    vendor,
    caller,
    async stop() {
      await caller.call("close");
      await Promise.all([caller.stop(), vendor.stop()]);
    },
  };
}
