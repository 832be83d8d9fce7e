import type { Act } from "../acts.ts";
import { ACTS } from "../acts.ts";
import type { WriterContent } from "../read-content.ts";

/** What it takes not to repeat oneself before 19,000 messages, by the estimate issue 5 gives. */
const FEWEST_FRAMES = 2_000;
const FEWEST_FILLERS = 120;

/** Where the writer has too little to choose from. */
export function findShortages(content: WriterContent): string[] {
  const { frames } = content;
  const fillers = ACTS.map((act) => ({ act, count: countFillers(act, content) }));
  return [
    ...(frames.length < FEWEST_FRAMES ? [`only ${frames.length} of at least ${FEWEST_FRAMES} frames`] : []),
    ...fillers
      .filter(({ count }) => count < FEWEST_FILLERS)
      .map(({ act, count }) => `${act}: only ${count} of at least ${FEWEST_FILLERS} fillers`),
  ];
}

/** How many fillers the frames of an act can draw on. */
function countFillers(act: Act, { frames, fillers }: WriterContent): number {
  const lists = new Set(
    frames.filter((frame) => frame.act === act).flatMap(({ slots }) => [...slots.keys()]),
  );
  return [...lists].reduce((sum, list) => sum + (fillers.get(list)?.length ?? 0), 0);
}
