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

const TopicEntry = z.strictObject({
  slug: z.string().check(z.regex(/^[a-z0-9]+(?:-[a-z0-9]+)*$/)),
  text: z.string().check(z.minLength(3), z.maxLength(60)),
  /** The topic in mid-sentence, when it is not the text with a small first letter. */
  name: z.optional(z.string()),
  sentiment: z.enum(OVERALL_SENTIMENTS),
  kind: z.enum(TOPIC_KINDS),
  sober: z._default(z.boolean(), false),
  /** Noun phrases a friend of the topic brings up, and those a doubter does. */
  good: pieces(5, 4),
  bad: pieces(3, 4),
  facts: pieces(12, 4),
  pro: pieces(3, 6),
  con: pieces(3, 6),
});
type TopicEntry = z.infer<typeof TopicEntry>;

const TopicFile = z.strictObject({ category: z.string(), topics: z.array(TopicEntry) });

function toPhrase(piece: string, tone: TopicPhrase["tone"]): TopicPhrase {
  return { text: piece.replace(PLURAL, ""), many: PLURAL.test(piece), tone };
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
      name: { text: name.replace(PLURAL, ""), many: PLURAL.test(name) },
      phrases: [
        ...entry.good.map((piece) => toPhrase(piece, "good")),
        ...entry.bad.map((piece) => toPhrase(piece, "bad")),
      ],
      facts: entry.facts,
      pro: entry.pro,
      con: entry.con,
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
