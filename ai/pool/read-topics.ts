import type { StoredTopic } from "#schema/stored/topic.ts";
import type { TopicsPort } from "./ports.ts";

/** A batch draws from this many of the newest topics; where fewer are active, starters fill up. */
const NEWEST_TOPICS = 50;

/** What there is to talk about now. @throws what the store throws */
export async function readTopics(topics: TopicsPort): Promise<readonly StoredTopic[]> {
  const newest = await topics.newestActive(NEWEST_TOPICS);
  if (newest.length >= NEWEST_TOPICS) return newest;
  const starters = await topics.activeStarters();
  const known = new Set(newest.map(({ id }) => id));
  return [...newest, ...starters.filter(({ id }) => !known.has(id))];
}
