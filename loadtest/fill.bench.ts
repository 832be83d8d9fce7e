import { defineBench } from "./define-bench.ts";
import { FULL_POOL } from "./prepare-pool.ts";
import { makeScratchFolder } from "./process/scratch-folder.ts";
import { startParley } from "./process/start-parley.ts";
import { runRounds } from "./run-rounds.ts";
import { median } from "./statistics.ts";

/** As many as the first hour's batch has. */
const FIRST = 100;
const POLL_MS = 50;
/** Far beyond the limit: something is wrong then, not slow. */
const GIVE_UP_S = 60;

interface Filling {
  readonly readyS: number;
  readonly firstS: number;
  readonly fullS: number;
  readonly cpuMs: number;
}

export const bench = defineBench({
  name: "fill",
  summary: "time from starting on an empty folder until 2,400 conversations are written and stored",
  comparesWith: "nothing but the limit; the time holds the server's own start",
  async run(context) {
    const wanted = context.quick ? 200 : FULL_POOL;
    const arm = () => measureFilling(wanted);
    const { filling, twin } = await runRounds(context, { filling: arm, twin: arm });
    const all = [...filling, ...twin];
    const fullOf = (fillings: readonly Filling[]): number => median(fillings.map(({ fullS }) => fullS));
    return {
      figures: {
        conversations: wanted,
        readyAfterSeconds: median(all.map(({ readyS }) => readyS)),
        first100AfterSeconds: median(all.map(({ firstS }) => firstS)),
        fullAfterSeconds: fullOf(all),
        serverCpuPerConversationUs: median(all.map(({ cpuMs }) => (cpuMs * 1000) / wanted)),
      },
      gates: [
        {
          name: "2,400 conversations written and stored, s",
          value: fullOf(all),
          limit: 10,
          better: "lower",
          noise: Math.abs(fullOf(filling) - fullOf(twin)),
        },
      ],
    };
  },
});

/** Seconds since the process was started. */
async function measureFilling(wanted: number): Promise<Filling> {
  const startedAt = performance.now();
  const elapsedS = (): number => (performance.now() - startedAt) / 1000;
  const parley = await startParley({ dataDir: makeScratchFolder() });
  const readyS = elapsedS();
  let firstS: number | undefined;
  for (;;) {
    const active = await parley.activeConversations();
    if (active >= FIRST) firstS ??= elapsedS();
    if (active >= wanted) break;
    if (elapsedS() > GIVE_UP_S) throw new Error(`only ${active} conversations after ${GIVE_UP_S} s`);
    await new Promise((resolve) => setTimeout(resolve, POLL_MS));
  }
  const fullS = elapsedS();
  const { cpuMs } = await parley.cpu();
  await parley.stop();
  return { readyS, firstS: firstS ?? fullS, fullS, cpuMs };
}
