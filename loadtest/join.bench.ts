import { defineBench, type BenchContext } from "./define-bench.ts";
import type { Joined, JoinRequest } from "./drivers/viewers.ts";
import { BENCH_SECRET, preparePool } from "./prepare-pool.ts";
import { profiled } from "./profiled.ts";
import { measureWindow } from "./process/measure-window.ts";
import { startBareRoom } from "./process/start-bare-room.ts";
import type { Child } from "./process/start-child.ts";
import { startParley } from "./process/start-parley.ts";
import { startViewers } from "./process/start-viewers.ts";
import { runRounds } from "./run-rounds.ts";
import { median, ratioWithNoise } from "./statistics.ts";

/** Joins under way at one time: a crowd at the door, and still fewer than would only wait in queues. */
const WIDTH = 32;

interface Sample {
  readonly cpuPerJoinUs: number;
  readonly joinsPerSecond: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
  readonly driverCpu: number;
  readonly saturated: boolean;
}

export const bench = defineBench({
  name: "join",
  summary: "server CPU per join: matchmaking, socket, token, cast and full state, 1,000 viewers at a time",
  comparesWith: "a bare Colyseus room with the same state, no token check, no cast, stock serializer",
  async run(context) {
    const viewers = context.quick ? 40 : 1000;
    const warmUp = context.quick ? 20 : 500;
    const { dataDir, tokens, guestCpuMs } = await preparePool(context, warmUp + 2 * viewers);
    let shown: unknown;
    // Every arm has a fresh process, so that no user's record, cast or history is remembered from before.
    const parleyArm =
      (from: number) =>
      async (round: number): Promise<Sample> => {
        const server = await startParley({ dataDir, jwtSecret: BENCH_SECRET });
        const driver = startViewers();
        if (!context.quick) await server.quiet();
        const request = { url: server.url, kind: "chatroom", width: WIDTH } as const;
        const cohorts = [tokens.slice(0, warmUp), tokens.slice(from, from + viewers)] as const;
        const sample = await measureJoins(context, round, server, driver, request, cohorts);
        shown = await driver.call("state");
        await driver.call("leave");
        await Promise.all([driver.stop(), server.stop()]);
        return sample;
      };
    const bareArm = async (): Promise<Sample> => {
      const server = await startBareRoom();
      const driver = startViewers();
      await server.call("show", shown);
      const request = { url: server.url, kind: "bare", width: WIDTH } as const;
      const cohorts = [tokens.slice(0, warmUp), tokens.slice(warmUp, warmUp + viewers)] as const;
      const sample = await measureJoins(context, 1, server, driver, request, cohorts);
      await Promise.all([driver.stop(), server.stop()]);
      return sample;
    };
    context.progress("warming up; the bare room will show the state met here");
    await parleyArm(warmUp)(1);
    const { parley, twin, bare } = await runRounds(context, {
      parley: parleyArm(warmUp),
      twin: () => parleyArm(warmUp + viewers)(1),
      bare: bareArm,
    });
    const cpuOf = (samples: readonly Sample[]): number[] => samples.map(({ cpuPerJoinUs }) => cpuPerJoinUs);
    const own = [...parley, ...twin];
    const saturated = [...own, ...bare].some((sample) => sample.saturated);
    const peers = cpuOf(bare);
    const ratio = ratioWithNoise([cpuOf(parley), cpuOf(twin)], [peers, peers]);
    return {
      figures: {
        viewers,
        serverCpuPerJoinUs: median(cpuOf(own)),
        bareRoomCpuPerJoinUs: median(cpuOf(bare)),
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

/** The first cohort comes and goes to warm the server up; the second one's joins are measured. */
async function measureJoins(
  context: BenchContext,
  round: number,
  server: Child,
  driver: Child,
  request: Omit<JoinRequest, "tokens">,
  [warmUp, measured]: readonly [readonly string[], readonly string[]],
): Promise<Sample> {
  await driver.call("join", { ...request, tokens: warmUp });
  await driver.call("leave");
  await new Promise((resolve) => setTimeout(resolve, 500));
  const window = await profiled(context, round, server, () =>
    measureWindow({ server, driver }, () => driver.call<Joined>("join", { ...request, tokens: measured })),
  );
  return {
    cpuPerJoinUs: (window.serverCpuMs * 1000) / measured.length,
    joinsPerSecond: (measured.length * 1000) / window.wallMs,
    p50Ms: window.result.p50Ms,
    p99Ms: window.result.p99Ms,
    driverCpu: window.driverCpu,
    saturated: window.saturated,
  };
}
