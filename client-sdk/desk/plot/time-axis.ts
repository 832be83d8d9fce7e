import { strings } from "../strings.ts";
import { toTimeOfDay } from "../to-words.ts";

/** How a plot calls its moments. */
export interface TimeAxis {
  readonly name: string;
  readonly format: (atMs: number) => string;
}

export const TIME_OF_DAY: TimeAxis = { name: strings.plot.time, format: toTimeOfDay };
