import type { Rng } from "../rng.ts";
import { randomInt } from "../rng.ts";
import type { Side, Stance } from "./acts.ts";
import type { Skeleton } from "./content-schema.ts";
import type { Voice } from "./read-content.ts";

/** Gives each speaker a stance of their voice's liking, bent to what the skeleton needs. */
export function assignStances(
  voices: readonly Voice[],
  need: Skeleton["stances"],
  rng: Rng,
): readonly Stance[] {
  const stances = voices.map((voice) => drawStance(voice, rng));
  if (need === "split") {
    if (!stances.includes("pro")) stances[likeliest(voices, stances, "pro", "con", rng)] = "pro";
    if (!stances.includes("con")) stances[likeliest(voices, stances, "con", "pro", rng)] = "con";
  }
  if (need === "together") {
    const shared: Stance = rng() < 0.75 ? "pro" : "con";
    return stances.map((stance) => (stance === "open" ? "open" : shared));
  }
  return stances;
}

function drawStance(voice: Voice, rng: Rng): Stance {
  const { pro, con, open } = voice.stances;
  const drawn = rng() * (pro + con + open);
  if (drawn < pro) return "pro";
  return drawn < pro + con ? "con" : "open";
}

/** The slot that takes the stance most readily, sparing the last one who holds the opposite. */
function likeliest(
  voices: readonly Voice[],
  stances: readonly Stance[],
  wanted: Side,
  spared: Side,
  rng: Rng,
): number {
  const spare = stances.filter((stance) => stance === spared).length === 1;
  let best = -1;
  let bestWeight = -1;
  const offset = randomInt(rng, 0, voices.length - 1);
  for (let i = 0; i < voices.length; i++) {
    const slot = (i + offset) % voices.length;
    if (spare && stances[slot] === spared) continue;
    const weight = voices[slot]?.stances[wanted] ?? 0;
    if (weight > bestWeight) [best, bestWeight] = [slot, weight];
  }
  return best;
}
