import { collectLineSamples, type Conversation } from "./collect-line-samples.ts";
import { defineBench, type BenchContext } from "./define-bench.ts";
import type { Frame } from "./drivers/record-frames.ts";
import type { JoinRequest, Watched } from "./drivers/viewers.ts";
import type { GateReading } from "./judge-gate.ts";
import { BENCH_SECRET, preparePool } from "./prepare-pool.ts";
import { profiled } from "./profiled.ts";
import { measureWindow, type Window } from "./process/measure-window.ts";
import { startChild, type Child } from "./process/start-child.ts";
import { startParley } from "./process/start-parley.ts";
import { startViewers } from "./process/start-viewers.ts";
import { ROUNDS, runRounds } from "./run-rounds.ts";
import { createSeededRandom } from "./seeded-random.ts";
import { median, pairedRatios, percentile, twinNoise } from "./statistics.ts";

const REPLAY = new URL("./peers/ws-replay.ts", import.meta.url);
const SOCKETS = new URL("./drivers/sockets.ts", import.meta.url);
/** Fast enough that sending lines, not waiting, is what the server does; slow enough for all to meet in one room. */
const SPEED = 3;
const QUICK_SPEED = 12;
/** Heartbeats end a silent viewer after 45 s at most. */
const DROP_WITHIN_MS = 60_000;

interface Setting {
  readonly context: BenchContext;
  readonly dataDir: string;
  readonly tokens: readonly string[];
}

/** One conversation's lines after the first, at Parley and replayed by the peer. */
interface Sample {
  readonly parleyUs: number;
  readonly peerUs: number;
  readonly latenciesMs: readonly number[];
  readonly changeUs: number;
  readonly framesPerLine: number;
  readonly bytesPerLine: number;
  readonly driverCpu: number;
  readonly saturated: boolean;
}

interface Round {
  readonly first: Sample;
  readonly twin: Sample;
  /** Viewers that saw something else than the others, complaints of the SDK, viewers thrown out. */
  readonly harmed: number;
  readonly droppedAfterMs: number | null;
}

export const bench = defineBench({
  name: "chatroom",
  summary: "server CPU per delivered line and lateness of lines, 1,000 viewers in one room",
  comparesWith:
    "a plain ws server sending one viewer's recorded frames (number, bytes, times) to as many sockets",
  async run(context) {
    const viewers = context.quick ? 40 : 1000;
    const { dataDir, tokens } = await preparePool(context, viewers);
    const { round: rounds } = await runRounds(context, {
      round: (round) => measureRound({ context, dataDir, tokens }, round),
    });
    const first = rounds.map((round) => round.first);
    const twin = rounds.map((round) => round.twin);
    const all = [...first, ...twin];
    const ratioOf = (samples: Sample[]) =>
      pairedRatios(
        samples.map(({ parleyUs }) => parleyUs),
        samples.map(({ peerUs }) => peerUs),
      );
    const ratio = median([...ratioOf(first), ...ratioOf(twin)]);
    const saturated = all.some((sample) => sample.saturated);
    const latencies = all.flatMap(({ latenciesMs }) => latenciesMs);
    const p99 = percentile(latencies, 0.99);
    const lateOf = (samples: Sample[]) =>
      percentile(
        samples.flatMap(({ latenciesMs }) => latenciesMs),
        0.99,
      );
    const last = rounds.at(-1);
    return {
      figures: {
        viewers,
        playbackSpeed: context.quick ? QUICK_SPEED : SPEED,
        serverCpuPerDeliveredLineUs: median(all.map(({ parleyUs }) => parleyUs)),
        peerCpuPerDeliveredLineUs: median(all.map(({ peerUs }) => peerUs)),
        framesPerLine: median(all.map(({ framesPerLine }) => framesPerLine)),
        bytesPerLine: median(all.map(({ bytesPerLine }) => bytesPerLine)),
        latenessP50Ms: percentile(latencies, 0.5),
        latenessP99Ms: p99,
        latenessMaxMs: percentile(latencies, 1),
        viewerLinePairs: latencies.length,
        serverCpuPerViewerAndConversationChangeUs: median(all.map(({ changeUs }) => changeUs)),
        pausedViewerDroppedAfterMs: last?.droppedAfterMs ?? null,
        driverCpuShare: median(all.map(({ driverCpu }) => driverCpu)),
      },
      gates: [
        {
          name: "server CPU per delivered line, of a plain ws server's",
          value: ratio,
          limit: 1.35,
          better: "lower",
          noise: ratio * twinNoise(ratioOf(first), ratioOf(twin)),
        },
        {
          name: "lateness of (viewer, line) pairs at p99, ms",
          value: saturated ? null : p99,
          limit: 100,
          better: "lower",
          noise: Math.abs(lateOf(first) - lateOf(twin)),
        },
        {
          name: "viewers harmed while one is paused",
          value: rounds.reduce((sum, { harmed }) => sum + harmed, 0),
          limit: 0,
          better: "lower",
        },
        ...(context.quick ? [] : [toDropGate(last)]),
      ],
    };
  },
});

/** Exact: it happened or not. A smoke run does not wait for it. */
function toDropGate(last: Round | undefined): GateReading {
  const dropped = last?.droppedAfterMs === null ? 0 : 1;
  return { name: "paused viewers dropped", value: dropped, limit: 1, better: "higher" };
}

async function measureRound({ context, dataDir, tokens }: Setting, round: number): Promise<Round> {
  const parley = await startParley({
    dataDir,
    jwtSecret: BENCH_SECRET,
    playbackSpeed: context.quick ? QUICK_SPEED : SPEED,
  });
  const driver = startViewers();
  if (!context.quick) await parley.quiet();
  const request: JoinRequest = { url: parley.url, kind: "chatroom", tokens, width: 32 };
  await driver.call("join", request);
  await driver.call("gather", request);

  const isLast = !context.quick && round === ROUNDS - 1;
  const dropped = new Promise<number>((resolve) => driver.on("dropped", resolve));
  const samples = collectLineSamples(parley, driver);
  await driver.call("startWatching");
  // What a thousand joins left to be collected and compiled goes with the first two conversations.
  await samples.nextConversation();
  const warmUp = await samples.nextConversation();
  if (isLast) await driver.call("pauseViewer", pickViewer(context, round, tokens.length));
  await driver.call<Watched>("takeWatched");
  const measured = await profiled(context, round, parley, () =>
    measureWindow({ server: parley, driver }, async () => {
      const first = await samples.nextConversation();
      const watchedFirst = await driver.call<Watched>("takeWatched");
      const twin = await samples.nextConversation();
      return { first, twin, watchedFirst, watchedTwin: await driver.call<Watched>("takeWatched") };
    }),
  );
  const droppedAfterMs = isLast ? await within(dropped, DROP_WITHIN_MS) : null;
  const atEnd = await driver.call<Watched>("takeWatched");
  const { first, twin, watchedFirst, watchedTwin } = measured.result;
  const frames = [
    await driver.call<Frame[]>("takeFrames", first),
    await driver.call<Frame[]>("takeFrames", twin),
  ];
  await driver.stop();
  await parley.stop();

  const replayed = await replay(
    [first, twin].map((conversation, index) => ({ ...conversation, frames: frames[index] ?? [] })),
    tokens.length,
  );
  const toSample = (
    conversation: Conversation,
    before: Conversation,
    latenciesMs: readonly number[],
    peer: Window<void>,
  ) => {
    const deliveries = (conversation.lines - 1) * tokens.length;
    const seen = frames[conversation === first ? 0 : 1] ?? [];
    const sent = seen.filter(({ ping }) => !ping);
    return {
      parleyUs: (conversation.cpuMs * 1000) / deliveries,
      peerUs: (peer.serverCpuMs * 1000) / deliveries,
      latenciesMs,
      changeUs: ((conversation.cpuAtStartMs - before.cpuAtStartMs - before.cpuMs) * 1000) / tokens.length,
      framesPerLine: sent.length / (conversation.lines - 1),
      bytesPerLine: sent.reduce((sum, { bytes }) => sum + bytes, 0) / (conversation.lines - 1),
      driverCpu: measured.driverCpu,
      saturated: measured.saturated,
    };
  };
  const pair = {
    first: toSample(first, warmUp, watchedFirst.latenciesMs, replayed[0] as Window<void>),
    twin: toSample(twin, first, watchedTwin.latenciesMs, replayed[1] as Window<void>),
  };
  for (const { parleyUs, peerUs } of Object.values(pair)) {
    context.progress(`  a line cost ${parleyUs.toFixed(1)} µs, at the peer ${peerUs.toFixed(1)} µs`);
  }
  return {
    ...pair,
    harmed: [watchedFirst, watchedTwin, atEnd].reduce(
      (sum, { misled }) => sum + misled,
      atEnd.complaints + atEnd.lost,
    ),
    droppedAfterMs,
  };
}

/** Anyone but the first, whose frames are recorded. */
function pickViewer({ seeds }: BenchContext, round: number, viewers: number): number {
  return 1 + Math.floor(createSeededRandom(`${seeds.join()}:${round}`)() * (viewers - 1));
}

async function replay(
  recordings: readonly (Conversation & { readonly frames: readonly Frame[] })[],
  sockets: number,
): Promise<Window<void>[]> {
  const server = startChild(REPLAY);
  const driver = startChild(SOCKETS);
  const port = await server.call<number>("port");
  await driver.call("connect", { url: `ws://127.0.0.1:${port}`, count: sockets });
  const [warmUp] = recordings;
  await server.call("replay", warmUp);
  const windows: Window<void>[] = [];
  for (const recording of recordings) windows.push(await replayOne(server, driver, recording, sockets));
  await Promise.all([driver.stop(), server.stop()]);
  return windows;
}

async function replayOne(
  server: Child,
  driver: Child,
  recording: { readonly frames: readonly Frame[] },
  sockets: number,
): Promise<Window<void>> {
  await driver.call("takeFrameCount");
  const window = await measureWindow<void>({ server, driver }, () => server.call("replay", recording));
  await new Promise((resolve) => setTimeout(resolve, 200));
  const received = await driver.call<number>("takeFrameCount");
  if (received !== recording.frames.length * sockets) throw new Error("the peer lost frames");
  return window;
}

/** Null when it takes longer. */
async function within<T>(promise: Promise<T>, ms: number): Promise<T | null> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<null>((resolve) => (timer = setTimeout(() => resolve(null), ms)));
  const value = await Promise.race([promise, late]);
  clearTimeout(timer);
  return value;
}
