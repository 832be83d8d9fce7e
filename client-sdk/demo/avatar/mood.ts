import type { LineSentiment } from "#schema/vocabulary.ts";

/** What a face shows: the tone of what is being said, or shut eyes. */
export type Mood = LineSentiment | "blinking";
