import { readdirSync, readFileSync } from "node:fs";
import * as path from "node:path";
import { parse } from "yaml";
import * as z from "zod/mini";
import { TOPIC_KINDS, toTopicKey } from "#schema/stored/topic.ts";
import type { StoredTopic, TopicPhrase } from "#schema/stored/topic.ts";
import { OVERALL_SENTIMENTS } from "#schema/vocabulary.ts";

const FOLDER = path.join(import.meta.dirname, "topics");

/** Marks a plural noun phrase, as dictionaries do. */
const PLURAL = / \(pl\)$/;

/** At least `least` different pieces of at most `words` words each. */
function pieces(least: number, words: number) {
  const piece = z.string().check(
    z.regex(/^\S+(?: \S+)*$/),
    z.refine((text) => text.replace(PLURAL, "").split(" ").length <= words, {
      error: ({ input }) => `"${String(input)}" has more than ${words} words`,
    }),
  );
  return z.array(piece).check(
    z.minLength(least),
    z.refine((list) => new Set(list).size === list.length, "a piece stands twice"),
  );
}

/** Noun phrases and reasons of a friend of the topic, and of a doubter, on one and the same matter. */
const AspectEntry = z.strictObject({
  good: pieces(1, 4),
  pro: pieces(1, 6),
  bad: pieces(1, 4),
  con: pieces(1, 6),
});

const TopicEntry = z.strictObject({
  slug: z.string().check(z.regex(/^[a-z0-9]+(?:-[a-z0-9]+)*$/)),
  text: z.string().check(z.minLength(3), z.maxLength(60)),
  /** The topic in mid-sentence, when it is not the text with a small first letter. */
  name: z.optional(z.string()),
  sentiment: z.enum(OVERALL_SENTIMENTS),
  kind: z.enum(TOPIC_KINDS),
  sober: z._default(z.boolean(), false),
  aspects: z.array(AspectEntry).check(z.minLength(6)),
  facts: pieces(12, 4),
});
type TopicEntry = z.infer<typeof TopicEntry>;

const TopicFile = z.strictObject({ category: z.string(), topics: z.array(TopicEntry) });

function toPhrase(piece: string): TopicPhrase {
  return { text: piece.replace(PLURAL, ""), many: PLURAL.test(piece) };
}

function toTopic(category: string, entry: TopicEntry, createdAtMs: number): StoredTopic {
  const name = entry.name ?? `${entry.text.charAt(0).toLowerCase()}${entry.text.slice(1)}`;
  return {
    id: `starter-${entry.slug}`,
    key: toTopicKey(entry.text),
    text: entry.text,
    category,
    sentiment: entry.sentiment,
    source: "starter",
    active: true,
    createdAtMs,
    material: {
      kind: entry.kind,
      sober: entry.sober,
      name: toPhrase(name),
      aspects: entry.aspects.map(({ good, bad, pro, con }) => ({
        good: good.map(toPhrase),
        bad: bad.map(toPhrase),
        pro,
        con,
      })),
      facts: entry.facts,
    },
  };
}

/**
 * The starter topics as records to be stored, `createdAtMs` in Unix time.
 * @throws Error naming the content file that is broken.
 */
export function readStarterTopics(createdAtMs: number): StoredTopic[] {
  const files = readdirSync(FOLDER).filter((file) => file.endsWith(".yaml"));
  return files.toSorted().flatMap((file) => {
    try {
      const { category, topics } = TopicFile.parse(parse(readFileSync(path.join(FOLDER, file), "utf8")));
      return topics.map((entry) => toTopic(category, entry, createdAtMs));
    } catch (cause) {
      throw new Error(`the topic file ${file} cannot be used`, { cause });
    }
  });
}
