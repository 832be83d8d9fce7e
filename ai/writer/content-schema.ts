import * as z from "zod/mini";
import { TOPIC_KINDS } from "#schema/stored/topic.ts";
import { ARCHETYPES, DIFFICULTIES, LINE_SENTIMENTS } from "#schema/vocabulary.ts";
import { ACTS, FORMS, MODES, QUESTION_FORMS, STANCES } from "./acts.ts";

/** The shapes of the writer's content files; the README tells what each field means to a writer. */

const lines = z.array(z.string().check(z.minLength(1))).check(z.minLength(1));
const share = z.number().check(z.minimum(0), z.maximum(1));

/** A group of frames that share their tags. */
export const FrameGroup = z.strictObject({
  who: z.optional(z.array(z.enum(ARCHETYPES))),
  stance: z.optional(z.enum(STANCES)),
  form: z.optional(z.enum(FORMS)),
  kinds: z.optional(z.array(z.enum(TOPIC_KINDS))),
  modes: z.optional(z.array(z.enum(MODES))),
  sentiment: z.optional(z.enum(LINE_SENTIMENTS)),
  lines,
});
export type FrameGroup = z.infer<typeof FrameGroup>;

/** One `frames/*.yaml` file. */
export const FrameFile = z.strictObject({ act: z.enum(ACTS), groups: z.array(FrameGroup) });
export type FrameFile = z.infer<typeof FrameFile>;

const VoiceFrames = z.strictObject({
  ...FrameGroup.shape,
  act: z.enum(ACTS),
  who: z.optional(z.undefined()),
});

/** `any`, `agree` and `differ` are for light topics, `calm` for the others, `ask` goes before a question. */
const openers = z.strictObject({ any: lines, agree: lines, differ: lines, ask: lines, calm: lines });

/** One `voices/*.yaml` file. */
export const VoiceFile = z.strictObject({
  archetype: z.enum(ARCHETYPES),
  /** How readily the voice takes each stance, and each act (1 when not named). */
  stances: z.strictObject({ pro: z.number(), con: z.number(), open: z.number() }),
  acts: z.partialRecord(z.enum(ACTS), z.number()),
  habits: z.strictObject({
    /** Shares of lines that begin with an opener or a link, end with a closer, end in "!" or in "…", are kept short. */
    opener: share,
    link: share,
    closer: share,
    exclaim: share,
    trail: share,
    short: share,
  }),
  openers,
  /** Whole sentences that point back to the message answered, by `{echo}` or `{their}`. */
  links: z.strictObject({ any: lines, calm: lines }),
  closers: z.strictObject({ any: lines, calm: lines }),
  /** Ways to introduce an opinion, each followed by a whole clause. */
  think: z.strictObject({ any: lines, calm: lines }),
  /** Frames only this voice uses. */
  frames: z._default(z.array(VoiceFrames), []),
});
export type VoiceFile = z.infer<typeof VoiceFile>;

const letter = z.enum(["x", "y", "z"]);

const ExchangeBeat = z.strictObject({
  by: letter,
  act: z.union([z.enum(ACTS), z.array(z.enum(ACTS))]),
  /** Whose latest message it answers. */
  to: z.optional(letter),
  /** Who is asked, when that is not whoever spoke last. */
  of: z.optional(letter),
  /** Required stance: `held` is either side, `other` the opposite of the message it answers. */
  stance: z.optional(z.enum(["pro", "con", "held", "other"])),
  /** Question forms to choose from; an opening without `asks` is a statement. */
  asks: z.optional(z.array(z.enum(QUESTION_FORMS))),
});
export type ExchangeBeat = z.infer<typeof ExchangeBeat>;

export const Exchange = z.strictObject({
  /** `claim`: x is whoever put the latest view on the table. `dispute`: x and y are the two who differ. */
  on: z.optional(z.enum(["claim", "dispute"])),
  speakers: z._default(z.number(), 2),
  modes: z._default(z.array(z.enum(MODES)), ["light", "sober", "news"]),
  beats: z.array(ExchangeBeat).check(z.minLength(1)),
});
export type Exchange = z.infer<typeof Exchange>;

export const Skeleton = z.strictObject({
  id: z.string(),
  about: z.string(),
  speakers: z.tuple([z.number(), z.number()]),
  difficulties: z.array(z.enum(DIFFICULTIES)),
  modes: z._default(z.array(z.enum(MODES)), ["light", "sober", "news"]),
  /** `split`: somebody is for and somebody against; `together`: nobody is against all others. */
  stances: z.enum(["split", "together", "any"]),
  /** Names of exchanges in order; one that ends in "?" is used when there is room for it. */
  exchanges: z.array(z.string()).check(z.minLength(2)),
});
export type Skeleton = z.infer<typeof Skeleton>;

export const SkeletonFile = z.strictObject({
  exchanges: z.record(z.string(), Exchange),
  skeletons: z.array(Skeleton),
});

/** `fillers.yaml`: words and short phrases for `{name}` slots. */
export const FillerFile = z.record(z.string(), lines);

/** `news.yaml`: how a headline is pointed at, and what can be said for and against following it. */
export const NewsFile = z.strictObject({
  names: lines,
  aspects: z.array(z.strictObject({ good: lines, pro: lines, bad: lines, con: lines })),
});
export type NewsFile = z.infer<typeof NewsFile>;
