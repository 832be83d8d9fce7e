import type { NewTopic } from "#schema/api.ts";
import { toTopicKey, type StoredTopic } from "#schema/stored/topic.ts";

/** A topic record for something an operator or a feed brought; the same text always has the same key. */
export function toStoredTopic(
  topic: NewTopic,
  source: StoredTopic["source"],
  made: { id: string; nowMs: number },
): StoredTopic {
  return {
    id: made.id,
    key: toTopicKey(topic.text),
    text: topic.text,
    category: topic.category,
    sentiment: topic.sentiment,
    source,
    active: true,
    createdAtMs: made.nowMs,
  };
}
