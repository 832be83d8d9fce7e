import { cp } from "node:fs/promises";
import { decodeJwt } from "jose";
import { defineBench, type BenchContext } from "#loadtest/define-bench.ts";
import type { Requested, RequestRun } from "#loadtest/drivers/requests.ts";
import { BENCH_SECRET, preparePool } from "#loadtest/prepare-pool.ts";
import { profiled } from "#loadtest/profiled.ts";
import { measureWindow } from "#loadtest/process/measure-window.ts";
import { makeScratchFolder } from "#loadtest/process/scratch-folder.ts";
import { startChild, type Child } from "#loadtest/process/start-child.ts";
import { startParley } from "#loadtest/process/start-parley.ts";
import { runRounds } from "#loadtest/run-rounds.ts";
import { median, ratioWithNoise } from "#loadtest/statistics.ts";
import { growStore } from "./grow-store.bench.ts";

const PATH = "/api/chatroom/conversation";
const PLAIN_ROUTE = new URL("../loadtest/peers/plain-route.ts", import.meta.url);
const REQUESTS = new URL("../loadtest/drivers/requests.ts", import.meta.url);
/** Enough requests under way that the server, not the wait for the disk, sets the pace. */
const WIDTH = 64;
/** For times of single requests: some company, but no queue. */
const CALM_WIDTH = 4;
/** The large store has so many times the conversations, and so many views for each user asked. */
const TIMES = 10;
const VIEWS = 1000;

interface Sizes {
  readonly warmUpUsers: number;
  readonly warmUpRounds: number;
  readonly users: number;
  readonly calmUsers: number;
  readonly views: number;
}

const FULL: Sizes = { warmUpUsers: 200, warmUpRounds: 20, users: 4000, calmUsers: 300, views: VIEWS };
const QUICK: Sizes = { warmUpUsers: 20, warmUpRounds: 2, users: 60, calmUsers: 20, views: 30 };

interface Sample {
  readonly perSecond: number;
  readonly p50Ms: number;
  readonly cpuUs: number;
  readonly bytes: number;
  readonly driverCpu: number;
  readonly saturated: boolean;
}

const ARMS = [
  "parley",
  "parleyTwin",
  "known",
  "plain",
  "plainTwin",
  "small",
  "smallTwin",
  "large",
  "largeTwin",
] as const;
type ArmName = (typeof ARMS)[number];
type Pair = readonly [ArmName, ArmName];

/** A server of either kind. */
interface Target {
  readonly port: number;
  readonly server: Child;
}

export const bench = defineBench({
  name: "pool-view",
  summary:
    "GET /api/chatroom/conversation with its view on disk: throughput, and how it grows with pool and history",
  comparesWith:
    "a plain Express route with the same token check, as many grouped durable writes and the same bodies; and itself at 2,400 conversations and no views",
  async run(context) {
    const sizes = context.quick ? QUICK : FULL;
    const guests = sizes.warmUpUsers + 2 * sizes.users + 2 * sizes.calmUsers;
    const { dataDir: small, tokens } = await preparePool(context, guests);
    let from = 0;
    const take = (count: number): string[] => tokens.slice(from, (from += count));
    const warmUp = take(sizes.warmUpUsers);
    const crowds = [take(sizes.users), take(sizes.users)] as const;
    const calm = [take(sizes.calmUsers), take(sizes.calmUsers)] as const;

    const large = makeScratchFolder();
    await cp(small, large, { recursive: true });
    const userIds = calm.flat().map((token) => decodeJwt(token).sub ?? "");
    context.progress(
      `growing a store: ${TIMES} times the conversations, ${userIds.length} users of ${sizes.views} views`,
    );
    await growStore(large, { times: TIMES, userIds, views: sizes.views });

    const samples = Object.fromEntries(ARMS.map((name) => [name, []])) as unknown as Record<
      ArmName,
      Sample[]
    >;
    await runRounds(context, {
      all: async (round) => {
        const taken = await measureRound(context, sizes, { small, large }, { warmUp, crowds, calm }, round);
        for (const [name, sample] of Object.entries(taken)) samples[name as ArmName].push(sample);
      },
    });
    return toResult(samples);
  },
});

interface Users {
  readonly warmUp: readonly string[];
  readonly crowds: readonly [readonly string[], readonly string[]];
  readonly calm: readonly [readonly string[], readonly string[]];
}

/** One round: fresh processes, which remember nobody, then every arm once in an order of the seeds. */
async function measureRound(
  context: BenchContext,
  sizes: Sizes,
  dataDirs: { readonly small: string; readonly large: string },
  users: Users,
  round: number,
): Promise<Record<ArmName, Sample>> {
  const driver = startChild(REQUESTS);
  const start = async (dataDir: string): Promise<Target> => {
    const server = await startParley({ dataDir, jwtSecret: BENCH_SECRET });
    return { server, port: Number(new URL(server.url).port) };
  };
  const small = await start(dataDirs.small);
  const large = await start(dataDirs.large);
  const ask = (target: Target, tokens: readonly string[], width: number, keep = 0): Promise<Requested> =>
    driver.call<Requested>("request", {
      port: target.port,
      path: PATH,
      tokens,
      width,
      keep,
    } satisfies RequestRun);
  const warmUp = Array.from({ length: sizes.warmUpRounds }, () => users.warmUp).flat();
  const { kept } = await ask(small, users.warmUp, WIDTH, users.warmUp.length);
  const plainServer = startChild(PLAIN_ROUTE);
  const setup = { dataDir: makeScratchFolder(), jwtSecret: BENCH_SECRET, bodies: kept };
  const plain: Target = { server: plainServer, port: await plainServer.call("listen", setup) };
  for (const target of [small, large, plain]) await ask(target, warmUp, WIDTH);

  const measure = (target: Target, tokens: readonly string[], width: number) => async (): Promise<Sample> => {
    const { server } = target;
    const window = await measureWindow({ server, driver }, () => ask(target, tokens, width));
    return {
      perSecond: (tokens.length * 1000) / window.wallMs,
      p50Ms: window.result.p50Ms,
      cpuUs: (window.serverCpuMs * 1000) / tokens.length,
      bytes: window.result.bytesPerAnswer,
      driverCpu: window.driverCpu,
      saturated: window.saturated,
    };
  };
  const once: BenchContext = { ...context, quick: true, seeds: [`${context.seeds.join()}:${round}`] };
  const taken = await runRounds<ArmName, Sample>(once, {
    parley: () => profiled(context, round, small.server, measure(small, users.crowds[0], WIDTH)),
    parleyTwin: measure(small, users.crowds[1], WIDTH),
    known: measure(small, warmUp, WIDTH),
    plain: measure(plain, users.crowds[0], WIDTH),
    plainTwin: measure(plain, users.crowds[1], WIDTH),
    small: measure(small, users.calm[0], CALM_WIDTH),
    smallTwin: measure(small, users.calm[1], CALM_WIDTH),
    large: measure(large, users.calm[0], CALM_WIDTH),
    largeTwin: measure(large, users.calm[1], CALM_WIDTH),
  });
  await Promise.all([driver.stop(), small.server.stop(), large.server.stop(), plainServer.stop()]);
  return Object.fromEntries(Object.entries(taken).map(([name, [sample]]) => [name, sample])) as Record<
    ArmName,
    Sample
  >;
}

function toResult(samples: Readonly<Record<ArmName, readonly Sample[]>>) {
  const of = (arm: ArmName, figure: "perSecond" | "p50Ms" | "cpuUs" | "bytes" | "driverCpu"): number[] =>
    samples[arm].map((sample) => sample[figure]);
  const both = (
    arm: ArmName,
    twin: ArmName,
    figure: "perSecond" | "p50Ms" | "cpuUs" | "bytes" | "driverCpu",
  ): number => median([...of(arm, figure), ...of(twin, figure)]);
  const ratio = (figure: "perSecond" | "p50Ms" | "cpuUs", [arm, twin]: Pair, [peer, peerTwin]: Pair) =>
    ratioWithNoise([of(arm, figure), of(twin, figure)], [of(peer, figure), of(peerTwin, figure)]);
  const saturated = [...samples.parley, ...samples.parleyTwin, ...samples.plain, ...samples.plainTwin].some(
    (sample) => sample.saturated,
  );
  const throughput = ratio("perSecond", ["parley", "parleyTwin"], ["plain", "plainTwin"]);
  const time = ratio("p50Ms", ["large", "largeTwin"], ["small", "smallTwin"]);
  const cpu = ratio("cpuUs", ["large", "largeTwin"], ["small", "smallTwin"]);
  return {
    figures: {
      requestsPerSecond: saturated ? null : both("parley", "parleyTwin", "perSecond"),
      plainRouteRequestsPerSecond: saturated ? null : both("plain", "plainTwin", "perSecond"),
      serverCpuPerRequestUs: both("parley", "parleyTwin", "cpuUs"),
      serverCpuPerRequestOfKnownUserUs: median(of("known", "cpuUs")),
      plainRouteCpuPerRequestUs: both("plain", "plainTwin", "cpuUs"),
      bytesPerAnswer: both("parley", "parleyTwin", "bytes"),
      plainRouteBytesPerAnswer: both("plain", "plainTwin", "bytes"),
      medianMsAtSmall: both("small", "smallTwin", "p50Ms"),
      medianMsAtLarge: both("large", "largeTwin", "p50Ms"),
      cpuUsAtSmall: both("small", "smallTwin", "cpuUs"),
      cpuUsAtLarge: both("large", "largeTwin", "cpuUs"),
      driverCpuShare: both("parley", "parleyTwin", "driverCpu"),
      driverCpuShareAtPlainRoute: both("plain", "plainTwin", "driverCpu"),
    },
    gates: [
      {
        name: "throughput, of a plain Express route's",
        limit: 0.6,
        better: "higher",
        ...throughput,
        value: saturated ? null : throughput.value,
      },
      { name: "median time at the large store, of the small one's", limit: 1.15, better: "lower", ...time },
      {
        name: "CPU per request at the large store, of the small one's",
        limit: 1.15,
        better: "lower",
        ...cpu,
      },
    ] as const,
  };
}
