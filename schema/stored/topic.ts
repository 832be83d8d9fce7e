import * as z from "zod";
import { OVERALL_SENTIMENTS } from "../vocabulary.ts";

/**
 * The broad sort of thing a topic is; sentences are chosen by it. An `activity` is named by a gerund
 * ("skipping stones"), every other kind by a noun phrase.
 */
export const TOPIC_KINDS = ["food", "activity", "thing", "place", "creature", "occasion", "idea"] as const;
export type TopicKind = (typeof TOPIC_KINDS)[number];

/** A noun phrase as it stands in mid-sentence, with its own article if it takes one. */
export const TopicPhrase = z.object({
  text: z.string(),
  /** Plural: takes "are", not "is". */
  many: z.boolean(),
});
export type TopicPhrase = z.infer<typeof TopicPhrase>;

/**
 * One matter within a topic, seen from both sides: what friends of the topic name and say about it, and what doubters
 * do. Each reason explains the phrases of its side and answers the reasons of the other.
 */
export const TopicAspect = z.object({
  /** Noun phrases of at most four words. */
  good: z.array(TopicPhrase),
  bad: z.array(TopicPhrase),
  /** Short clauses that can follow "because". */
  pro: z.array(z.string()),
  con: z.array(z.string()),
});
export type TopicAspect = z.infer<typeof TopicAspect>;

/** What the offline writer can say about a topic; short pieces, so that no fixed run of words repeats. */
export const TopicMaterial = z.object({
  /** What kind of thing it is; the writer chooses fitting sentences by it. */
  kind: z.enum(TOPIC_KINDS),
  /** Sober topics get no jokes. */
  sober: z.boolean(),
  /** The topic itself, as it is called inside a sentence. */
  name: z.object({ text: z.string(), many: z.boolean() }),
  /** Short true clauses of at most four words. */
  facts: z.array(z.string()),
  /** What can be argued about. */
  aspects: z.array(TopicAspect),
});
export type TopicMaterial = z.infer<typeof TopicMaterial>;

/** Something to talk about. Starters carry the writer's material; an imported headline carries only itself. */
export const StoredTopic = z.object({
  id: z.string(),
  /** Normalised text; unique, so that importing twice changes nothing. */
  key: z.string(),
  text: z.string(),
  category: z.string(),
  sentiment: z.enum(OVERALL_SENTIMENTS),
  source: z.enum(["starter", "import", "feed", "operator"]),
  active: z.boolean(),
  createdAtMs: z.number(),
  material: z.optional(TopicMaterial),
});
export type StoredTopic = z.infer<typeof StoredTopic>;

/** The `key` of a topic: its text without regard to case, accents, punctuation and spacing. */
export function toTopicKey(text: string): string {
  const plain = text.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase();
  return plain.replace(/[^\p{L}\p{N}]+/gu, " ").trim();
}
