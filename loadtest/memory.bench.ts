import { defineBench } from "./define-bench.ts";
import type { JoinRequest } from "./drivers/viewers.ts";
import { BENCH_SECRET, preparePool } from "./prepare-pool.ts";
import type { MemoryReading } from "./process/serve-calls.ts";
import { startBareRoom } from "./process/start-bare-room.ts";
import type { Child } from "./process/start-child.ts";
import { startParley } from "./process/start-parley.ts";
import { startViewers } from "./process/start-viewers.ts";
import { runRounds } from "./run-rounds.ts";
import { median, ratioWithNoise } from "./statistics.ts";

const WIDTH = 32;
/** Requests kept alive, rate limits and buffers of joining are let go first. */
const REST_MS = 6000;
const QUICK_REST_MS = 300;

/** What each viewer between the two counts costs, in bytes. */
interface Slope {
  readonly heap: number;
  readonly resident: number;
}

export const bench = defineBench({
  name: "memory",
  summary: "heap used and external memory per idle viewer, as the slope from 1,000 to 3,000 viewers",
  comparesWith: "a bare Colyseus room with the same state, no token check, no cast, stock serializer",
  async run(context) {
    const few = context.quick ? 20 : 1000;
    const many = context.quick ? 60 : 3000;
    const { dataDir, tokens } = await preparePool(context, many);
    const restMs = context.quick ? QUICK_REST_MS : REST_MS;
    let shown: unknown;
    const parleyArm = async (): Promise<Slope> => {
      const server = await startParley({ dataDir, jwtSecret: BENCH_SECRET });
      if (!context.quick) await server.quiet();
      const request = { url: server.url, kind: "chatroom", width: WIDTH } as const;
      const driver = startViewers();
      const slope = await measureSlope(
        server,
        driver,
        request,
        [tokens.slice(0, few), tokens.slice(few)],
        restMs,
      );
      shown = await driver.call("state");
      await Promise.all([driver.stop(), server.stop()]);
      return slope;
    };
    const bareArm = async (): Promise<Slope> => {
      const server = await startBareRoom();
      await server.call("show", shown);
      const request = { url: server.url, kind: "bare", width: WIDTH } as const;
      const driver = startViewers();
      const slope = await measureSlope(
        server,
        driver,
        request,
        [tokens.slice(0, few), tokens.slice(few)],
        restMs,
      );
      await Promise.all([driver.stop(), server.stop()]);
      return slope;
    };
    context.progress("the bare room will show the state met here");
    await parleyArm();
    const { parley, twin, bare } = await runRounds(context, {
      parley: parleyArm,
      twin: parleyArm,
      bare: bareArm,
    });
    const heapOf = (slopes: readonly Slope[]): number[] => slopes.map(({ heap }) => heap);
    const own = [...parley, ...twin];
    const peers = heapOf(bare);
    const ratio = ratioWithNoise([heapOf(parley), heapOf(twin)], [peers, peers]);
    return {
      figures: {
        viewersFew: few,
        viewersMany: many,
        heapAndExternalBytesPerViewer: median(heapOf(own)),
        bareRoomHeapAndExternalBytesPerViewer: median(heapOf(bare)),
        residentBytesPerViewer: median(own.map(({ resident }) => resident)),
        bareRoomResidentBytesPerViewer: median(bare.map(({ resident }) => resident)),
      },
      gates: [
        {
          name: "heap and external memory per idle viewer, of a bare Colyseus room's",
          ...ratio,
          limit: 1.5,
          better: "lower",
        },
      ],
    };
  },
});

async function measureSlope(
  server: Child,
  driver: Child,
  request: Omit<JoinRequest, "tokens">,
  [few, others]: readonly [readonly string[], readonly string[]],
  restMs: number,
): Promise<Slope> {
  await driver.call("join", { ...request, tokens: few });
  const atFew = await readWhenIdle(server, restMs);
  await driver.call("join", { ...request, tokens: others });
  const atMany = await readWhenIdle(server, restMs);
  return {
    heap: (atMany.heapAndExternalBytes - atFew.heapAndExternalBytes) / others.length,
    resident: (atMany.residentBytes - atFew.residentBytes) / others.length,
  };
}

async function readWhenIdle(server: Child, restMs: number): Promise<MemoryReading> {
  await new Promise((resolve) => setTimeout(resolve, restMs));
  return server.memory();
}
