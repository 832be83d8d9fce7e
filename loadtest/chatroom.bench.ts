import { collectLineSamples, type Conversation } from "./collect-line-samples.ts";
import { defineBench, type BenchContext } from "./define-bench.ts";
import type { Frame } from "./drivers/record-frames.ts";
import type { JoinRequest, Watched } from "./drivers/viewers.ts";
import type { GateReading } from "./judge-gate.ts";
import { BENCH_SECRET, preparePool } from "./prepare-pool.ts";
import { profiled } from "./profiled.ts";
import { measureWindow } from "./process/measure-window.ts";
import { startChild } from "./process/start-child.ts";
import { startParley } from "./process/start-parley.ts";
import { startViewers } from "./process/start-viewers.ts";
import { ROUNDS } from "./run-rounds.ts";
import { createSeededRandom } from "./seeded-random.ts";
import { median, percentile, ratioWithNoise } from "./statistics.ts";

const REPLAY = new URL("./peers/ws-replay.ts", import.meta.url);
const SOCKETS = new URL("./drivers/sockets.ts", import.meta.url);
/** Fast enough that sending lines, not waiting, is what the server does; slow enough for all to meet in one room. */
const SPEED = 3;
const QUICK_SPEED = 12;
/** Conversations until what starting and a thousand joins left behind is compiled and collected. */
const WARM_UP = 5;
/** Heartbeats end a silent viewer after 45 s at most. */
const DROP_WITHIN_MS = 60_000;

/** Turns of a round: an arm and its twin, twice. */
const TURNS = 4;

/** Lines after a conversation's first, at Parley, and at the same time others of its lines replayed by the peer. */
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

interface Evening {
  readonly samples: readonly Sample[];
  /** Viewers that saw something else than the others, complaints of the SDK, viewers thrown out. */
  readonly harmed: number;
  /** Null: not within a minute. */
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
    const { samples, harmed, droppedAfterMs } = await watchEvening(context, dataDir, tokens);
    // Conversations take turns at being an arm and its twin, so neither comes earlier in the server's life.
    const arm = samples.filter((_, index) => index % 2 === 0);
    const twin = samples.filter((_, index) => index % 2 === 1);
    const parleyOf = (taken: readonly Sample[]): number[] => taken.map(({ parleyUs }) => parleyUs);
    const peerOf = (taken: readonly Sample[]): number[] => taken.map(({ peerUs }) => peerUs);
    const latenciesOf = (taken: readonly Sample[]): number[] =>
      taken.flatMap(({ latenciesMs }) => latenciesMs);
    const middle = (figure: Exclude<keyof Sample, "latenciesMs" | "saturated">): number =>
      median(samples.map((sample) => sample[figure]));
    const ratio = ratioWithNoise([parleyOf(arm), parleyOf(twin)], [peerOf(arm), peerOf(twin)]);
    const latencies = latenciesOf(samples);
    const p99 = percentile(latencies, 0.99);
    const dropGate: GateReading = {
      name: "paused viewers dropped",
      value: droppedAfterMs === null ? 0 : 1,
      limit: 1,
      better: "higher",
    };
    return {
      figures: {
        viewers,
        playbackSpeed: context.quick ? QUICK_SPEED : SPEED,
        serverCpuPerDeliveredLineUs: middle("parleyUs"),
        peerCpuPerDeliveredLineUs: middle("peerUs"),
        framesPerLine: middle("framesPerLine"),
        bytesPerLine: middle("bytesPerLine"),
        latenessP50Ms: percentile(latencies, 0.5),
        latenessP99Ms: p99,
        latenessMaxMs: percentile(latencies, 1),
        viewerLinePairs: latencies.length,
        serverCpuPerViewerAndConversationChangeUs: middle("changeUs"),
        pausedViewerDroppedAfterMs: droppedAfterMs,
        driverCpuShare: middle("driverCpu"),
      },
      gates: [
        {
          name: "server CPU per delivered line, of a plain ws server's",
          ...ratio,
          limit: 1.35,
          better: "lower",
        },
        {
          name: "lateness of (viewer, line) pairs at p99, ms",
          value: samples.some(({ saturated }) => saturated) ? null : p99,
          limit: 100,
          better: "lower",
          noise: Math.abs(percentile(latenciesOf(arm), 0.99) - percentile(latenciesOf(twin), 0.99)),
        },
        { name: "viewers harmed while one is paused", value: harmed, limit: 0, better: "lower" },
        // A smoke run does not wait for it.
        ...(context.quick ? [] : [dropGate]),
      ],
    };
  },
});

/** One audience, which stays. Every other conversation is accompanied by the peer's replay of the one before. */
async function watchEvening(
  context: BenchContext,
  dataDir: string,
  tokens: readonly string[],
): Promise<Evening> {
  const playbackSpeed = context.quick ? QUICK_SPEED : SPEED;
  const parley = await startParley({ dataDir, jwtSecret: BENCH_SECRET, playbackSpeed });
  const driver = startViewers();
  const peer = await startReplay(tokens.length);
  if (!context.quick) await parley.quiet();
  const request: JoinRequest = { url: parley.url, kind: "chatroom", tokens, width: 32 };
  await driver.call("join", request);
  await driver.call("gather", request);
  const dropped = new Promise<number>((resolve) => driver.on("dropped", resolve));
  const conversations = collectLineSamples(parley, driver);
  await driver.call("startWatching");

  const samples: Sample[] = [];
  const turns = context.quick ? 2 : TURNS * ROUNDS;
  let harmed = 0;
  context.progress("warming up");
  for (let past = 1; past < (context.quick ? 1 : WARM_UP); past++) {
    const conversation = await conversations.next();
    const frames = await driver.call<Frame[]>("takeFrames", conversation);
    if (past === 1) await peer.replay({ ...conversation, frames });
  }
  let before = await conversations.next();
  await driver.call<Watched>("takeWatched");
  for (let turn = 0; turn < turns; turn++) {
    if (!context.quick && turn === turns - 1) {
      await driver.call("pauseViewer", pickViewer(context, tokens.length));
    }
    const window = await profiled(context, turn, parley, () =>
      measureWindow({ server: parley, driver }, () => conversations.next()),
    );
    const conversation = window.result;
    const watched = await driver.call<Watched>("takeWatched");
    harmed += watched.misled;
    const frames = await driver.call<Frame[]>("takeFrames", conversation);
    const changeMs = conversation.cpuAtStartMs - before.cpuAtStartMs - before.cpuMs;
    const [accompanied, peerMs] = await Promise.all([
      conversations.next(),
      peer.replay({ ...conversation, frames }),
    ]);
    before = accompanied;
    // Lateness is that of the conversation that had the machine to itself.
    harmed += (await driver.call<Watched>("takeWatched")).misled;
    const sent = frames.filter(({ ping }) => !ping);
    const lines = conversation.lines - 1;
    const sample: Sample = {
      parleyUs: (accompanied.cpuMs * 1000) / ((accompanied.lines - 1) * tokens.length),
      peerUs: (peerMs * 1000) / (lines * tokens.length),
      latenciesMs: watched.latenciesMs,
      changeUs: (changeMs * 1000) / tokens.length,
      framesPerLine: sent.length / lines,
      bytesPerLine: sent.reduce((sum, { bytes }) => sum + bytes, 0) / lines,
      driverCpu: window.driverCpu,
      saturated: window.saturated,
    };
    samples.push(sample);
    context.progress(
      `turn ${turn + 1} of ${turns}: a line cost ${sample.parleyUs.toFixed(1)} µs, ` +
        `at the peer ${sample.peerUs.toFixed(1)} µs`,
    );
  }
  const droppedAfterMs = context.quick ? null : await within(dropped, DROP_WITHIN_MS);
  const { complaints, lost, misled } = await driver.call<Watched>("takeWatched");
  await Promise.all([driver.stop(), peer.stop()]);
  await parley.stop();
  return { samples, harmed: harmed + misled + complaints + lost, droppedAfterMs };
}

/** Anyone but the first, whose frames are recorded. */
function pickViewer({ seeds }: BenchContext, viewers: number): number {
  return 1 + Math.floor(createSeededRandom(seeds.join())() * (viewers - 1));
}

/** The peer with its sockets. */
async function startReplay(sockets: number) {
  const server = startChild(REPLAY);
  const driver = startChild(SOCKETS);
  const port = await server.call<number>("port");
  await driver.call("connect", { url: `ws://127.0.0.1:${port}`, count: sockets });
  return {
    /** The peer's CPU time for these frames, in milliseconds. */
    async replay(recording: Conversation & { readonly frames: readonly Frame[] }): Promise<number> {
      await driver.call("takeFrameCount");
      const window = await measureWindow({ server, driver }, () => server.call("replay", recording));
      await new Promise((resolve) => setTimeout(resolve, 200));
      const received = await driver.call<number>("takeFrameCount");
      if (received !== recording.frames.length * sockets) throw new Error("the peer lost frames");
      return window.serverCpuMs;
    },
    stop: () => Promise.all([driver.stop(), server.stop()]),
  };
}

/** Null when it takes longer. */
async function within<T>(promise: Promise<T>, ms: number): Promise<T | null> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<null>((resolve) => (timer = setTimeout(() => resolve(null), ms)));
  const value = await Promise.race([promise, late]);
  clearTimeout(timer);
  return value;
}
