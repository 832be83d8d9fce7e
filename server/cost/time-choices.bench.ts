import type { ViewsPort } from "#ai/pool/ports.ts";
import { createChooser } from "#ai/pool/choose.ts";
import { createRng } from "#ai/rng.ts";
import type { BenchContext } from "#loadtest/define-bench.ts";
import { runRounds } from "#loadtest/run-rounds.ts";
import { median } from "#loadtest/statistics.ts";
import type { Viewer } from "./draw-viewers.bench.ts";
import type { House } from "./open-house.bench.ts";

/** More than the chooser remembers, so that it looks each of them up again. */
const VIEWERS = 25_000;
const VISITS = 4;

/**
 * What a choice with its casting takes of the processor, without a store: the pool and the chooser as they are, views in
 * plain maps. Taken twice a round.
 */
export async function timeChoices(
  context: BenchContext,
  house: House,
  viewers: readonly Viewer[],
): Promise<{ readonly us: number; readonly noise: number }> {
  const arm = (round: number) => chooseForAll(house, viewers.slice(0, VIEWERS), `choices/${round}`);
  await arm(-1);
  const { choices, twin } = await runRounds(context, { choices: arm, twin: arm });
  return { us: median([...choices, ...twin]), noise: Math.abs(median(choices) - median(twin)) };
}

async function chooseForAll(
  { pool, clock }: House,
  viewers: readonly Viewer[],
  seed: string,
): Promise<number> {
  const rng = createRng(seed);
  const views = createViews();
  const chooser = createChooser({ pool: pool.active, views, conversations: pool.reader, clock, rng });
  const before = process.cpuUsage();
  for (let visit = 0; visit < VISITS; visit++) {
    for (const { userId, chatlings } of viewers) {
      if (!(await chooser.take({ userId, chatlings }))) throw new Error("there was nothing to choose");
    }
  }
  const { user, system } = process.cpuUsage(before);
  return (user + system) / (viewers.length * VISITS);
}

type Seen = Awaited<ReturnType<ViewsPort["recent"]>>[number];

/** What the chooser asks of a store, newest views last. */
function createViews(): ViewsPort {
  const byUser = new Map<string, Seen[]>();
  const seenBy = (userId: string): readonly Seen[] => byUser.get(userId) ?? [];
  return {
    async record({ userId, conversationId, topicId }) {
      const seen = byUser.get(userId) ?? [];
      if (seen.some((view) => view.conversationId === conversationId)) return await Promise.resolve(false);
      seen.push({ conversationId, topicId });
      byUser.set(userId, seen);
      return true;
    },
    hasSeen: async (userId, ids) =>
      await Promise.resolve(
        new Set(seenBy(userId).flatMap(({ conversationId: id }) => (ids.includes(id) ? [id] : []))),
      ),
    recent: async (userId, limit) => await Promise.resolve(seenBy(userId).toReversed().slice(0, limit)),
    seenIds: async (userId) =>
      await Promise.resolve(seenBy(userId).map(({ conversationId }) => conversationId)),
  };
}
