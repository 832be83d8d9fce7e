import { cp } from "node:fs/promises";
import { defineBench, type BenchContext } from "./define-bench.ts";
import type { Joined, JoinRequest } from "./drivers/viewers.ts";
import { BENCH_SECRET, preparePool } from "./prepare-pool.ts";
import { profiled } from "./profiled.ts";
import { measureWindow, type Window } from "./process/measure-window.ts";
import { makeScratchFolder } from "./process/scratch-folder.ts";
import { startBareRoom } from "./process/start-bare-room.ts";
import type { Child } from "./process/start-child.ts";
import { startParley } from "./process/start-parley.ts";
import { startViewers } from "./process/start-viewers.ts";
import { runRounds } from "./run-rounds.ts";
import { addUp, runSlices, sliceOf } from "./run-slices.ts";
import { median, ratioWithNoise } from "./statistics.ts";

/** Joins under way at one time: a crowd at the door, and still fewer than would only wait in queues. */
const WIDTH = 32;
/** The viewers of a round come in so many slices, the servers taking turns, so that drift hits all alike. */
const SLICES = 5;
/** What a server puts off while a crowd comes in counts as part of the joins. */
const SETTLE_MS = 250;

interface Sample {
  readonly cpuPerJoinUs: number;
  readonly joinsPerSecond: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
  readonly driverCpu: number;
  readonly saturated: boolean;
}

const ARMS = ["parley", "twin", "bare", "bareTwin"] as const;
type ArmName = (typeof ARMS)[number];

/** A fresh server and who comes to it. */
interface House {
  readonly server: Child;
  readonly driver: Child;
  readonly request: Omit<JoinRequest, "tokens">;
  readonly warmUp: readonly string[];
  readonly viewers: readonly string[];
}

export const bench = defineBench({
  name: "join",
  summary: "server CPU per join: matchmaking, socket, token, cast and full state, 1,000 viewers at a time",
  comparesWith: "a bare Colyseus room with the same state, no token check, no cast, stock serializer",
  async run(context) {
    const viewers = context.quick ? 40 : 1000;
    // Enough that what a join runs is compiled, as it is in a server that has been up for a while.
    const warmUp = context.quick ? 20 : 1500;
    const { dataDir, tokens, guestCpuMs } = await preparePool(context, warmUp + 2 * viewers);
    const crowds = {
      warmUp: tokens.slice(0, warmUp),
      parley: tokens.slice(warmUp, warmUp + viewers),
      twin: tokens.slice(warmUp + viewers),
    };
    const twinDir = makeScratchFolder();
    await cp(dataDir, twinDir, { recursive: true });
    const folders = { parley: dataDir, twin: twinDir };
    let shown: unknown;
    const openParley = async (name: "parley" | "twin"): Promise<House> => {
      const server = await startParley({ dataDir: folders[name], jwtSecret: BENCH_SECRET });
      const request = { url: server.url, kind: "chatroom", width: WIDTH } as const;
      if (!context.quick) await server.quiet();
      return { server, driver: startViewers(), request, warmUp: crowds.warmUp, viewers: crowds[name] };
    };
    const openBare = async (): Promise<House> => {
      const server = await startBareRoom();
      await server.call("show", shown);
      const request = { url: server.url, kind: "bare", width: WIDTH } as const;
      return { server, driver: startViewers(), request, warmUp: crowds.warmUp, viewers: crowds.parley };
    };

    context.progress("the bare room will show the state met here");
    const first = await openParley("parley");
    await first.driver.call("join", { ...first.request, tokens: crowds.warmUp });
    shown = await first.driver.call("state");
    await close(first);

    const samples: Record<ArmName, Sample[]> = { parley: [], twin: [], bare: [], bareTwin: [] };
    await runRounds(context, {
      all: async (round) => {
        // Fresh processes, so that no user's record, cast or history is remembered from before.
        const houses = {
          parley: await openParley("parley"),
          twin: await openParley("twin"),
          bare: await openBare(),
          bareTwin: await openBare(),
        };
        const taken = await measureRound(context, round, houses);
        for (const name of ARMS) samples[name].push(taken[name]);
        const costs = ARMS.map((name) => `${name} ${taken[name].cpuPerJoinUs.toFixed(0)} µs`);
        context.progress(`a join cost at ${costs.join(", ")}`);
        for (const name of ARMS) await close(houses[name]);
      },
    });
    const cpuOf = (name: ArmName): number[] => samples[name].map(({ cpuPerJoinUs }) => cpuPerJoinUs);
    const own = [...samples.parley, ...samples.twin];
    const bare = [...samples.bare, ...samples.bareTwin];
    const saturated = [...own, ...bare].some((sample) => sample.saturated);
    const ratio = ratioWithNoise([cpuOf("parley"), cpuOf("twin")], [cpuOf("bare"), cpuOf("bareTwin")]);
    return {
      figures: {
        viewers,
        serverCpuPerJoinUs: median([...cpuOf("parley"), ...cpuOf("twin")]),
        bareRoomCpuPerJoinUs: median(bare.map(({ cpuPerJoinUs }) => cpuPerJoinUs)),
        joinsPerSecond: saturated ? null : median(own.map(({ joinsPerSecond }) => joinsPerSecond)),
        bareRoomJoinsPerSecond: saturated ? null : median(bare.map(({ joinsPerSecond }) => joinsPerSecond)),
        joinP50Ms: median(own.map(({ p50Ms }) => p50Ms)),
        joinP99Ms: median(own.map(({ p99Ms }) => p99Ms)),
        serverCpuPerGuestUs: guestCpuMs * 1000,
        stateBytesAsJson: JSON.stringify(shown).length,
        driverCpuShare: median(own.map(({ driverCpu }) => driverCpu)),
        driverCpuShareAtBareRoom: median(bare.map(({ driverCpu }) => driverCpu)),
      },
      gates: [
        {
          name: "server CPU per join, of a bare Colyseus room's",
          ...ratio,
          limit: 1.7,
          better: "lower",
        },
      ],
    };
  },
});

/** Some come and go to warm the servers up; then all come, a slice here and a slice there. */
async function measureRound(
  context: BenchContext,
  round: number,
  houses: Readonly<Record<ArmName, House>>,
): Promise<Record<ArmName, Sample>> {
  for (const { driver, request, warmUp } of Object.values(houses)) {
    await driver.call("join", { ...request, tokens: warmUp });
    await driver.call("leave");
  }
  await new Promise((resolve) => setTimeout(resolve, 500));
  const come =
    ({ server, driver, request, viewers }: House) =>
    (slice: number): Promise<Window<Joined>> => {
      const tokens = sliceOf(viewers, slice, SLICES);
      const join = () => driver.call<Joined>("join", { ...request, tokens });
      return measureWindow({ server, driver }, join, SETTLE_MS);
    };
  const { server } = houses.parley;
  const windows = await runSlices<ArmName, Window<Joined>>(
    context,
    { round, slices: SLICES },
    {
      parley: (slice) => profiled(context, round + slice, server, () => come(houses.parley)(slice)),
      twin: come(houses.twin),
      bare: come(houses.bare),
      bareTwin: come(houses.bareTwin),
    },
  );
  const samples = ARMS.map((name) => [name, toSample(windows[name], houses[name].viewers.length)]);
  return Object.fromEntries(samples) as Record<ArmName, Sample>;
}

function toSample(windows: readonly Window<Joined>[], viewers: number): Sample {
  const { wallMs, serverCpuMs, driverCpu, saturated } = addUp(windows);
  return {
    cpuPerJoinUs: (serverCpuMs * 1000) / viewers,
    joinsPerSecond: (viewers * 1000) / wallMs,
    p50Ms: median(windows.map(({ result }) => result.p50Ms)),
    p99Ms: Math.max(...windows.map(({ result }) => result.p99Ms)),
    driverCpu,
    saturated,
  };
}

async function close({ server, driver }: House): Promise<void> {
  await driver.call("leave");
  await Promise.all([driver.stop(), server.stop()]);
}
