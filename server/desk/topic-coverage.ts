import type { TopicCoverage } from "#schema/desk.ts";
import type { ActivePool } from "#ai/pool/active-pool.ts";

type Counts = Omit<TopicCoverage, "topic">;

/** How many active conversations each topic has, most covered first; walks the pool once. */
export function countByTopic(pool: Pick<ActivePool, "iterate">): Counts[] {
  const topics = new Map<string, Counts>();
  for (const { topicId, difficulty } of pool.iterate({})) {
    let counts = topics.get(topicId);
    if (!counts) topics.set(topicId, (counts = { topicId, active: 0, simple: 0, medium: 0, complex: 0 }));
    counts.active++;
    counts[difficulty]++;
  }
  return [...topics.values()].sort((a, b) => b.active - a.active);
}

/** More topics than this are not told one by one. */
export const MOST_TOLD = 200;

/** The same with the topics' texts, for the most covered ones. */
export async function readTopicCoverage(
  pool: Pick<ActivePool, "iterate">,
  getTopic: (id: string) => Promise<{ readonly text: string } | null>,
): Promise<TopicCoverage[]> {
  const counts = countByTopic(pool).slice(0, MOST_TOLD);
  return Promise.all(
    counts.map(async (each) => ({ ...each, topic: (await getTopic(each.topicId))?.text ?? null })),
  );
}
