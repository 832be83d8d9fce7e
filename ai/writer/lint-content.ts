import { ARCHETYPES } from "#schema/vocabulary.ts";
import { findGaps } from "./lint/find-gaps.ts";
import { findShortages } from "./lint/find-shortages.ts";
import { findTwins } from "./lint/find-twins.ts";
import { findWrongSigns } from "./lint/find-wrong-signs.ts";
import { lintFrame } from "./lint/lint-frame.ts";
import { lintVoice } from "./lint/lint-voice.ts";
import type { WriterContent } from "./read-content.ts";

/** Everything wrong with the writer's content, one line a problem, naming the file, the tags and the pattern. */
export function lintContent(content: WriterContent): string[] {
  const { frames, voices } = content;
  return [
    ...frames.flatMap((frame) => lintFrame(frame, content)),
    ...findTwins(frames),
    ...findWrongSigns(frames),
    ...ARCHETYPES.flatMap((archetype) => {
      const voice = voices.get(archetype);
      return voice ? lintVoice(voice, content) : [`no voice for ${archetype}`];
    }),
    ...lintSkeletons(content),
    ...findGaps(frames),
    ...findShortages(content),
  ];
}

function lintSkeletons({ skeletons, exchanges }: WriterContent): string[] {
  return skeletons.flatMap(({ id, exchanges: row }) =>
    row
      .filter((entry) => !exchanges.has(entry.replace(/\?$/, "")))
      .map((entry) => `skeleton ${id}: no exchange is called ${entry}`),
  );
}
