import type { LineSentiment } from "#schema/vocabulary.ts";
import type { Rng } from "../rng.ts";
import { Filler } from "./filler.ts";
import type { FillOrder } from "./filler.ts";
import { finishText, stutters } from "./finish-text.ts";
import type { FramePicker, Said } from "./pick-frame.ts";
import { speakInVoice } from "./speak-in-voice.ts";

interface LineOrder extends FillOrder {
  readonly picker: FramePicker;
}

interface WrittenLine {
  readonly text: string;
  readonly sentiment: LineSentiment;
  readonly said: Said;
}

const TRIES = 3;

/** Writes one message: a frame, filled, in the speaker's voice. */
export function writeLine(order: LineOrder, rng: Rng): WrittenLine {
  let line: WrittenLine | undefined;
  for (let attempt = 0; attempt < TRIES; attempt++) {
    const frame = order.picker.pick(order.beat, order.voice, order.target);
    const filler = new Filler(order, rng);
    const core = filler.fill(frame.tokens);
    const text = finishText(speakInVoice(core, frame, order, filler, rng));
    const { beat } = order;
    line = {
      text,
      sentiment: frame.sentiment,
      said: {
        slot: beat.slot,
        act: beat.act,
        phrases: filler.phrases,
        clause: filler.clause,
        answered: order.target?.slot,
      },
    };
    if (!stutters(text)) return line;
  }
  if (!line) throw new Error("no line was written");
  return line;
}
