import { createRng } from "../rng.ts";
import type { Arm, Experiment } from "./read-experiments.ts";

/**
 * The arm of a user, or of whatever else is compared, for good: of id and seed alone. Undefined while the experiment is
 * off, and for those outside its share. Each arm draws a number for the user and the lowest wins, so that where one
 * arm's weight changes, users only come to it or only leave it, and no more than the change calls for; with a greater
 * share, who takes part already stays where they are. Well under 2 µs. (Weighted rendezvous hashing: Schindelhauer and
 * Schomaker, "Weighted distributed hash tables", 2005.)
 */
export function assignArm(experiment: Experiment, unitId: string): Arm | undefined {
  if (!experiment.isOn) return undefined;
  const rng = createRng(`${experiment.seed}/${experiment.id}/${unitId}`);
  if (rng() >= experiment.share) return undefined;
  const unit = rng() * 2 ** 32;
  let lowest = Number.POSITIVE_INFINITY;
  let chosen: Arm | undefined;
  for (const arm of experiment.arms) {
    const drawn = -Math.log(toUniform(unit ^ arm.salt)) / arm.weight;
    if (drawn >= lowest) continue;
    lowest = drawn;
    chosen = arm;
  }
  return chosen;
}

/**
 * The arm to which a conversation of the shared pool counts in an experiment of shared against unique ones. The pool
 * serves many who are not in the experiment, so each of its conversations is charged to a shared arm with the chance
 * that one of the pool's viewers is of that arm: what the arm is charged is then, on the average, what it uses.
 */
export function assignPoolCost(experiment: Experiment, conversationId: string): Arm | undefined {
  const { isOn, seed, id, share, arms } = experiment;
  if (!isOn) return undefined;
  const weights = arms.reduce((sum, { weight }) => sum + weight, 0);
  const toShare = ({ weight }: Arm): number => (share * weight) / weights;
  const sharing = arms.filter(({ sets }) => sets.pool === "shared");
  const others = arms.filter(({ sets }) => sets.pool === "unique");
  const viewers = 1 - others.reduce((sum, arm) => sum + toShare(arm), 0);
  let left = createRng(`${seed}/${id}/cost/${conversationId}`)() * viewers;
  return sharing.find((arm) => (left -= toShare(arm)) < 0);
}

/** A number in (0, 1) that looks like chance for any whole number (the finaliser of MurmurHash3). */
function toUniform(whole: number): number {
  let mixed = Math.imul(whole ^ (whole >>> 16), 0x85ebca6b);
  mixed = Math.imul(mixed ^ (mixed >>> 13), 0xc2b2ae35);
  return (((mixed ^ (mixed >>> 16)) >>> 0) + 0.5) / 2 ** 32;
}
