import { describe, expect, it } from "vitest";
import { ARCHETYPES, DIFFICULTIES } from "#schema/vocabulary.ts";
import type { Difficulty } from "#schema/vocabulary.ts";
import { createRng, shuffle } from "../rng.ts";
import { MODES } from "./acts.ts";
import type { Mode } from "./acts.ts";
import { MESSAGE_RANGE, planConversation } from "./plan-conversation.ts";
import type { Beat } from "./plan-draft.ts";
import { readWriterContent } from "./read-content.ts";

const SEEDS = 60;

interface Sample {
  readonly beats: readonly Beat[];
  readonly count: number;
  readonly difficulty: Difficulty;
  readonly mode: Mode;
}

function makeSamples(): Sample[] {
  const samples: Sample[] = [];
  for (const mode of MODES) {
    for (const difficulty of DIFFICULTIES) {
      for (let count = 2; count <= 5; count++) {
        for (let seed = 0; seed < SEEDS; seed++) {
          const rng = createRng(`${mode} ${difficulty} ${count} ${seed}`);
          const roles = shuffle(rng, ARCHETYPES)
            .slice(0, count)
            .map((archetype, slot) => ({ slot, archetype }));
          const { beats } = planConversation(readWriterContent(), { roles, difficulty, mode }, rng);
          samples.push({ beats, count, difficulty, mode });
        }
      }
    }
  }
  return samples;
}

const samples = makeSamples();

/** Index of the first beat that does not keep its promise, or -1. */
function firstBroken(promise: (beat: Beat, at: number, beats: readonly Beat[]) => boolean): string[] {
  return samples.flatMap(({ beats, mode, difficulty }) => {
    const at = beats.findIndex((beat, index) => !promise(beat, index, beats));
    return at < 0 ? [] : [`${mode} ${difficulty} #${at}: ${beats.map((beat) => beat.act).join(" ")}`];
  });
}

const soonAfter = (beats: readonly Beat[], at: number) => beats.slice(at + 1, at + 3);

describe("a planned conversation", () => {
  it("answers every question within two turns, in the form it was asked", () => {
    const broken = firstBroken((beat, at, beats) => {
      const asks = beat.act === "ask" || (beat.act === "opening" && beat.form !== undefined);
      return !asks || soonAfter(beats, at).some((next) => next.act === "answer" && next.form === beat.form);
    });
    expect(broken).toEqual([]);
  });

  it("lets the one who is asked answer", () => {
    const broken = firstBroken((beat, at, beats) => {
      if (beat.act !== "ask" || beat.of === undefined) return true;
      return soonAfter(beats, at).some((next) => next.act === "answer" && next.slot === beat.of);
    });
    expect(broken).toEqual([]);
  });

  it("defends or concedes every challenge within two turns", () => {
    const broken = firstBroken((beat, at, beats) => {
      if (beat.act !== "challenge") return true;
      return soonAfter(beats, at).some((next) => next.act === "defend" || next.act === "concede");
    });
    expect(broken).toEqual([]);
  });

  it("reacts to every joke in the next message", () => {
    const broken = firstBroken((beat, at, beats) => beat.act !== "joke" || beats[at + 1]?.act === "react");
    expect(broken).toEqual([]);
  });

  it("begins with an opening and ends with a closing", () => {
    const wrong = samples.filter(
      ({ beats }) => beats[0]?.act !== "opening" || beats.at(-1)?.act !== "closing",
    );
    expect(wrong).toEqual([]);
  });

  it("lets every slot speak and nobody twice in a row", () => {
    expect(firstBroken((beat, at, beats) => beats[at - 1]?.slot !== beat.slot)).toEqual([]);
    for (const { beats, count } of samples) expect(new Set(beats.map((beat) => beat.slot)).size).toBe(count);
  });

  it("keeps to the length of its difficulty", () => {
    for (const { beats, count, difficulty } of samples) {
      const [low, high] = MESSAGE_RANGE[difficulty];
      expect(beats.length).toBeGreaterThanOrEqual(Math.max(5, Math.min(low, 8)));
      expect(beats.length).toBeLessThanOrEqual(Math.max(high, count + 5));
    }
  });

  it("changes nobody's side without a concession", () => {
    const turned = samples.flatMap(({ beats }) => {
      const sides = new Map<number, string>();
      return beats.filter(({ slot, stance, act }) => {
        const held = sides.get(slot) ?? "open";
        sides.set(slot, act === "concede" ? "open" : stance);
        return held !== "open" && stance !== held;
      });
    });
    expect(turned).toEqual([]);
  });

  it("lets people agree only with their own side", () => {
    const broken = firstBroken(
      ({ act, stance, to }, _, beats) => act !== "agree" || beats[to]?.stance === stance,
    );
    expect(broken).toEqual([]);
  });

  it("mediates no quarrel that is over", () => {
    const broken = firstBroken(({ act }, at, beats) => {
      if (act !== "mediate") return true;
      const challenge = beats.findLastIndex((beat, index) => index < at && beat.act === "challenge");
      return !beats.slice(challenge, at).some((beat) => beat.act === "concede");
    });
    expect(broken).toEqual([]);
  });

  it("is seldom ended by somebody who took no part", () => {
    const strangers = samples.filter(({ beats }) => {
      const last = beats.at(-1)?.slot;
      return beats.filter(({ slot }) => slot === last).length === 1;
    });
    expect(strangers.length / samples.length).toBeLessThan(0.1);
  });

  it("asks no leading question against the asker's own side", () => {
    const leading = samples.flatMap(({ beats }) =>
      beats.filter(({ act, form, stance }) => {
        if (act !== "ask" && act !== "opening") return false;
        return (form === "doubt" && stance === "pro") || (form === "yesno" && stance === "con");
      }),
    );
    expect(leading).toEqual([]);
  });

  it("makes no jokes on sober topics and states nothing as fact about a headline", () => {
    const actsIn = (mode: Mode) =>
      new Set(samples.filter((it) => it.mode === mode).flatMap(({ beats }) => beats.map((beat) => beat.act)));
    expect(actsIn("light")).toContain("joke");
    expect(actsIn("sober")).not.toContain("joke");
    for (const act of ["joke", "fact", "anecdote"] as const) expect(actsIn("news")).not.toContain(act);
  });
});
