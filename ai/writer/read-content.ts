import { createHash } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import * as path from "node:path";
import { parse } from "yaml";
import type { ArchetypeId, LineSentiment } from "#schema/vocabulary.ts";
import type { TopicKind } from "#schema/stored/topic.ts";
import type { Act, Form, Mode, Stance } from "./acts.ts";
import { FillerFile, FrameFile, NewsFile, SkeletonFile, VoiceFile } from "./content-schema.ts";
import type { Exchange, FrameGroup, Skeleton } from "./content-schema.ts";
import { parseFrame, slotsOf, usualWords } from "./frame.ts";
import type { Token } from "./frame.ts";

/** A sentence pattern, ready to be chosen and filled. */
export interface Frame {
  /** Position among all frames: its identity within one content version. */
  readonly id: number;
  /** Names it in the novelty ledger, across content versions: the same act and words are the same core. */
  readonly key: string;
  readonly source: string;
  readonly tokens: readonly Token[];
  readonly act: Act;
  /** Absent: anybody may say it. */
  readonly who?: readonly ArchetypeId[];
  /** Absent: fits every stance. */
  readonly stance?: Stance;
  readonly form?: Form;
  readonly kinds?: readonly TopicKind[];
  readonly modes: readonly Mode[];
  readonly sentiment: LineSentiment;
  /** How often it asks for each slot, all choices counted. */
  readonly slots: ReadonlyMap<string, number>;
  readonly words: number;
}

/** What is put in front of or behind a line, parsed like a frame. */
export type Phrasing = readonly Token[];

export interface Voice {
  readonly archetype: ArchetypeId;
  readonly stances: Readonly<Record<Stance, number>>;
  readonly acts: Readonly<Partial<Record<Act, number>>>;
  readonly habits: VoiceFile["habits"];
  readonly openers: Readonly<Record<"any" | "agree" | "differ" | "ask" | "calm", readonly Phrasing[]>>;
  readonly links: Readonly<Record<"any" | "calm", readonly Phrasing[]>>;
  readonly closers: Readonly<Record<"any" | "calm", readonly Phrasing[]>>;
  readonly think: Readonly<Record<"any" | "calm", readonly Phrasing[]>>;
}

/** Everything the writer knows, read once. */
export interface WriterContent {
  readonly frames: readonly Frame[];
  readonly voices: ReadonlyMap<ArchetypeId, Voice>;
  readonly fillers: ReadonlyMap<string, readonly Phrasing[]>;
  readonly exchanges: ReadonlyMap<string, Exchange>;
  readonly skeletons: readonly Skeleton[];
  readonly news: NewsFile;
}

const FOLDER = path.join(import.meta.dirname, "content");

function readYamlFile<T>(file: string, schema: { parse: (value: unknown) => T }): T {
  try {
    return schema.parse(parse(readFileSync(path.join(FOLDER, file), "utf8")));
  } catch (cause) {
    throw new Error(`the writer's content file ${file} cannot be used`, { cause });
  }
}

function readYamlFolder<T>(folder: string, schema: { parse: (value: unknown) => T }): T[] {
  const files = readdirSync(path.join(FOLDER, folder)).filter((file) => file.endsWith(".yaml"));
  return files.toSorted().map((file) => readYamlFile(path.join(folder, file), schema));
}

const STANCE_SENTIMENT: Readonly<Record<Stance, LineSentiment>> = {
  pro: "positive",
  con: "negative",
  open: "neutral",
};

/** The sentiment of frames whose group names none. */
function usualSentiment(act: Act, group: FrameGroup): LineSentiment {
  if (act === "joke" || act === "closing") return "positive";
  if (group.form === "doubt" && (act === "ask" || act === "opening")) return "negative";
  if (act === "fact" || act === "mediate" || act === "ask" || act === "opening") return "neutral";
  if (act === "challenge") return group.stance === "con" ? "negative" : "neutral";
  if (act === "concede") return "neutral";
  if (act === "react") return group.form === "joke" || group.form === "glad" ? "positive" : "neutral";
  return group.stance ? STANCE_SENTIMENT[group.stance] : "neutral";
}

function countSlots(tokens: readonly Token[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const slot of slotsOf(tokens)) counts.set(slot, (counts.get(slot) ?? 0) + 1);
  return counts;
}

/** Four billion keys for some thousand frames. */
function toKey(text: string): string {
  return createHash("sha256").update(text).digest().readUIntBE(0, 4).toString(36);
}

/** Frame groups of the act files and of the voices, in one row. */
function gatherGroups(files: readonly FrameFile[], voices: readonly VoiceFile[]): [Act, FrameGroup][] {
  return [
    ...files.flatMap(({ act, groups }) => groups.map((group): [Act, FrameGroup] => [act, group])),
    ...voices.flatMap(({ archetype, frames }) =>
      frames.map(({ act, ...group }): [Act, FrameGroup] => [act, { ...group, who: [archetype] }]),
    ),
  ];
}

function toFrames(groups: readonly [Act, FrameGroup][]): Frame[] {
  const frames: Frame[] = [];
  for (const [act, group] of groups) {
    for (const source of group.lines) {
      const tokens = parseFrame(source);
      frames.push({
        id: frames.length,
        key: toKey(`${act} ${source}`),
        source,
        tokens,
        act,
        ...(group.who && { who: group.who }),
        ...(group.stance && { stance: group.stance }),
        ...(group.form && { form: group.form }),
        ...(group.kinds && { kinds: group.kinds }),
        modes: group.modes ?? ["light"],
        sentiment: group.sentiment ?? usualSentiment(act, group),
        slots: countSlots(tokens),
        words: usualWords(tokens),
      });
    }
  }
  return frames;
}

function toVoice(file: VoiceFile): Voice {
  const { openers, closers } = file;
  return {
    archetype: file.archetype,
    stances: file.stances,
    acts: file.acts,
    habits: file.habits,
    openers: {
      any: openers.any.map(parseFrame),
      agree: openers.agree.map(parseFrame),
      differ: openers.differ.map(parseFrame),
      ask: openers.ask.map(parseFrame),
      calm: openers.calm.map(parseFrame),
    },
    links: { any: file.links.any.map(parseFrame), calm: file.links.calm.map(parseFrame) },
    closers: { any: closers.any.map(parseFrame), calm: closers.calm.map(parseFrame) },
    think: { any: file.think.any.map(parseFrame), calm: file.think.calm.map(parseFrame) },
  };
}

let content: WriterContent | undefined;

/** The writer's content, read and checked on first use. @throws Error naming the file that is broken. */
export function readWriterContent(): WriterContent {
  if (content) return content;
  const plans = readYamlFile("skeletons.yaml", SkeletonFile);
  const fillers = Object.entries(readYamlFile("fillers.yaml", FillerFile));
  const voices = readYamlFolder("voices", VoiceFile);
  content = {
    frames: toFrames(gatherGroups(readYamlFolder("frames", FrameFile), voices)),
    voices: new Map(voices.map((file) => [file.archetype, toVoice(file)])),
    fillers: new Map(fillers.map(([name, lines]) => [name, lines.map(parseFrame)])),
    exchanges: new Map(Object.entries(plans.exchanges)),
    skeletons: plans.skeletons,
    news: readYamlFile("news.yaml", NewsFile),
  };
  return content;
}
