import { cp } from "node:fs/promises";
import { decodeJwt } from "jose";
import { defineBench, type BenchContext } from "#loadtest/define-bench.ts";
import type { Requested, RequestRun } from "#loadtest/drivers/requests.ts";
import { BENCH_SECRET, FULL_POOL, preparePool } from "#loadtest/prepare-pool.ts";
import { profiled } from "#loadtest/profiled.ts";
import { measureWindow, type Window } from "#loadtest/process/measure-window.ts";
import { makeScratchFolder } from "#loadtest/process/scratch-folder.ts";
import { startChild, type Child } from "#loadtest/process/start-child.ts";
import { startParley } from "#loadtest/process/start-parley.ts";
import { runRounds } from "#loadtest/run-rounds.ts";
import { addUp, runSlices, sliceOf } from "#loadtest/run-slices.ts";
import { median, ratioWithNoise } from "#loadtest/statistics.ts";
import { growStore } from "./grow-store.bench.ts";

const PATH = "/api/chatroom/conversation";
const PLAIN_ROUTE = new URL("../loadtest/peers/plain-route.ts", import.meta.url);
const REQUESTS = new URL("../loadtest/drivers/requests.ts", import.meta.url);
/** Enough requests under way that the server, not the wait for the disk, sets the pace. */
const WIDTH = 64;
/** For times of single requests: some company, but no queue. */
const CALM_WIDTH = 4;
/** Every arm's requests of a round are asked in so many slices, the arms taking turns, so that drift hits all alike. */
const SLICES = 6;
/**
 * Requests per conversation of the pool, before anything is measured: nearly all have been read by then, as in a server
 * that has been up for a while.
 */
const WARM_UP = 3;
/** The large store has so many times the conversations, and so many views for each user asked. */
const TIMES = 10;
const VIEWS = 1000;

interface Sizes {
  readonly knownUsers: number;
  /** Requests of each known user in a round's arm. */
  readonly knownRounds: number;
  readonly freshUsers: number;
  readonly calmUsers: number;
  /** Not measured: they only make the processes fit to meet strangers. */
  readonly rehearsalUsers: number;
  /** Conversations of the small store. */
  readonly pool: number;
  readonly views: number;
}

const FULL: Sizes = {
  knownUsers: 200,
  knownRounds: 20,
  freshUsers: 1200,
  calmUsers: 600,
  rehearsalUsers: 600,
  pool: FULL_POOL,
  views: VIEWS,
};
const QUICK: Sizes = {
  knownUsers: 20,
  knownRounds: 2,
  freshUsers: 30,
  calmUsers: 18,
  rehearsalUsers: 20,
  pool: 20,
  views: 30,
};

interface Sample {
  readonly perSecond: number;
  readonly p50Ms: number;
  readonly cpuUs: number;
  readonly bytes: number;
  readonly driverCpu: number;
  readonly saturated: boolean;
}

const ARMS = [
  "known",
  "knownTwin",
  "plain",
  "plainTwin",
  "fresh",
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
    "a plain Express route with the same token check, as many grouped durable writes and the same bodies, both asked by people who come again; and itself at 2,400 conversations and no views, asked by people the process does not know",
  async run(context) {
    const sizes = context.quick ? QUICK : FULL;
    const guests = sizes.knownUsers + sizes.freshUsers + sizes.rehearsalUsers + 2 * sizes.calmUsers;
    const { dataDir: small, tokens } = await preparePool(context, guests);
    let from = 0;
    const take = (count: number): string[] => tokens.slice(from, (from += count));
    const known = take(sizes.knownUsers);
    const fresh = take(sizes.freshUsers);
    const rehearsal = take(sizes.rehearsalUsers);
    const calm = [take(sizes.calmUsers), take(sizes.calmUsers)] as const;

    const [busy, large] = [makeScratchFolder(), makeScratchFolder()];
    for (const copy of [busy, large]) await cp(small, copy, { recursive: true });
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
        const taken = await measureRound(
          context,
          sizes,
          { busy, small, large },
          { known, fresh, rehearsal, calm },
          round,
        );
        for (const [name, sample] of Object.entries(taken)) samples[name as ArmName].push(sample);
      },
    });
    return toResult(samples);
  },
});

interface Users {
  /** Met by the process before; they come again and again. */
  readonly known: readonly string[];
  /** Not met by the process: all it knows of them is in the store. */
  readonly fresh: readonly string[];
  readonly rehearsal: readonly string[];
  /** Like fresh, one crowd for an arm and one for its twin; in the large store with many views each. */
  readonly calm: readonly [readonly string[], readonly string[]];
}

/** One round: fresh processes, which remember nobody, then every arm once in an order of the seeds. */
async function measureRound(
  context: BenchContext,
  sizes: Sizes,
  dataDirs: { readonly busy: string; readonly small: string; readonly large: string },
  users: Users,
  round: number,
): Promise<Record<ArmName, Sample>> {
  const driver = startChild(REQUESTS);
  const start = async (dataDir: string): Promise<Target> => {
    const server = await startParley({ dataDir, jwtSecret: BENCH_SECRET });
    return { server, port: Number(new URL(server.url).port) };
  };
  const busy = await start(dataDirs.busy);
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
  const known = Array.from({ length: sizes.knownRounds }, () => users.known).flat();
  const { kept } = await ask(busy, users.known, WIDTH, users.known.length);
  const plainServer = startChild(PLAIN_ROUTE);
  const setup = { dataDir: makeScratchFolder(), jwtSecret: BENCH_SECRET, bodies: kept };
  const plain: Target = { server: plainServer, port: await plainServer.call("listen", setup) };
  for (const target of [busy, plain]) await ask(target, known, WIDTH);
  for (const [target, times] of [
    [small, WARM_UP],
    [large, WARM_UP * TIMES],
  ] as const) {
    const rounds = Math.ceil((times * sizes.pool) / users.known.length);
    await ask(target, Array.from({ length: rounds }, () => users.known).flat(), WIDTH);
  }
  for (const target of [busy, small, large]) await ask(target, users.rehearsal, CALM_WIDTH);

  const measure = async (target: Target, tokens: readonly string[], width: number): Promise<Slice> => {
    const { server } = target;
    const window = await measureWindow({ server, driver }, () => ask(target, tokens, width));
    return { window, requests: tokens.length };
  };
  const asks =
    (target: Target, tokens: readonly string[], width: number) =>
    (slice: number): Promise<Slice> =>
      measure(target, sliceOf(tokens, slice, SLICES), width);
  const slices = await runSlices<ArmName, Slice>(
    context,
    { round, slices: SLICES },
    {
      known: (slice) => profiled(context, round + slice, busy.server, () => asks(busy, known, WIDTH)(slice)),
      knownTwin: asks(busy, known, WIDTH),
      plain: asks(plain, known, WIDTH),
      plainTwin: asks(plain, known, WIDTH),
      fresh: asks(busy, users.fresh, WIDTH),
      small: asks(small, users.calm[0], CALM_WIDTH),
      smallTwin: asks(small, users.calm[1], CALM_WIDTH),
      large: asks(large, users.calm[0], CALM_WIDTH),
      largeTwin: asks(large, users.calm[1], CALM_WIDTH),
    },
  );
  await Promise.all(
    [driver, busy.server, small.server, large.server, plainServer].map((child) => child.stop()),
  );
  return Object.fromEntries(ARMS.map((name) => [name, toSample(slices[name])])) as Record<ArmName, Sample>;
}

/** Part of an arm's requests of a round. */
interface Slice {
  readonly window: Window<Requested>;
  readonly requests: number;
}

function toSample(slices: readonly Slice[]): Sample {
  const requests = slices.reduce((sum, slice) => sum + slice.requests, 0);
  const bytes = slices.reduce((sum, slice) => sum + slice.window.result.bytesPerAnswer * slice.requests, 0);
  const { wallMs, serverCpuMs, driverCpu, saturated } = addUp(slices.map(({ window }) => window));
  return {
    perSecond: (requests * 1000) / wallMs,
    p50Ms: median(slices.map(({ window }) => window.result.p50Ms)),
    cpuUs: (serverCpuMs * 1000) / requests,
    bytes: bytes / requests,
    driverCpu,
    saturated,
  };
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
  const saturated = [...samples.known, ...samples.knownTwin, ...samples.plain, ...samples.plainTwin].some(
    (sample) => sample.saturated,
  );
  const throughput = ratio("perSecond", ["known", "knownTwin"], ["plain", "plainTwin"]);
  const time = ratio("p50Ms", ["large", "largeTwin"], ["small", "smallTwin"]);
  const cpu = ratio("cpuUs", ["large", "largeTwin"], ["small", "smallTwin"]);
  return {
    figures: {
      requestsPerSecond: saturated ? null : both("known", "knownTwin", "perSecond"),
      plainRouteRequestsPerSecond: saturated ? null : both("plain", "plainTwin", "perSecond"),
      serverCpuPerRequestUs: both("known", "knownTwin", "cpuUs"),
      requestsPerSecondOfUnknownUsers: saturated ? null : median(of("fresh", "perSecond")),
      serverCpuPerRequestOfUnknownUserUs: median(of("fresh", "cpuUs")),
      plainRouteCpuPerRequestUs: both("plain", "plainTwin", "cpuUs"),
      bytesPerAnswer: both("known", "knownTwin", "bytes"),
      plainRouteBytesPerAnswer: both("plain", "plainTwin", "bytes"),
      medianMsAtSmall: both("small", "smallTwin", "p50Ms"),
      medianMsAtLarge: both("large", "largeTwin", "p50Ms"),
      cpuUsAtSmall: both("small", "smallTwin", "cpuUs"),
      cpuUsAtLarge: both("large", "largeTwin", "cpuUs"),
      driverCpuShare: both("known", "knownTwin", "driverCpu"),
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
