import type { ArchetypeId, Difficulty } from "#schema/vocabulary.ts";
import { pick, randomInt } from "../rng.ts";
import type { Rng } from "../rng.ts";
import type { Mode } from "./acts.ts";
import type { Skeleton } from "./content-schema.ts";
import { PlanDraft } from "./plan-draft.ts";
import type { Beat } from "./plan-draft.ts";
import type { Voice, WriterContent } from "./read-content.ts";
import { assignStances } from "./stances.ts";

export interface ConversationPlan {
  readonly skeleton: string;
  readonly beats: readonly Beat[];
}

export interface PlanInput {
  readonly roles: readonly { readonly slot: number; readonly archetype: ArchetypeId }[];
  readonly difficulty: Difficulty;
  readonly mode: Mode;
}

/** Fewest and most messages by difficulty. */
export const MESSAGE_RANGE: Readonly<Record<Difficulty, readonly [number, number]>> = {
  simple: [5, 7],
  medium: [6, 9],
  complex: [8, 12],
};

const ATTEMPTS = 24;

/**
 * Plans who does what in answer to whom, so that every slot speaks, nobody speaks twice in a row, and what
 * is started is settled: questions answered, challenges defended or conceded, jokes reacted to, the end said.
 */
export function planConversation(content: WriterContent, input: PlanInput, rng: Rng): ConversationPlan {
  const voices = input.roles.map((role) => voiceOf(content, role.archetype));
  const count = voices.length;
  const fitting = content.skeletons.filter(
    ({ speakers, difficulties, modes }) =>
      speakers[0] <= count &&
      count <= speakers[1] &&
      difficulties.includes(input.difficulty) &&
      modes.includes(input.mode),
  );
  const [low, high] = MESSAGE_RANGE[input.difficulty];
  let best: ConversationPlan | undefined;
  for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
    const skeleton = pick(rng, fitting);
    const target = Math.max(randomInt(rng, low, high), count + 2);
    const draft = new PlanDraft(voices, assignStances(voices, skeleton.stances, rng), rng);
    if (!fillDraft(draft, content, skeleton, input.mode, target, rng)) continue;
    if (draft.silent() > 0 || draft.beats.length > 12) continue;
    const plan = { skeleton: skeleton.id, beats: draft.beats };
    if (draft.beats.length >= low && draft.beats.length <= high) return plan;
    if (draft.beats.length >= 5) best ??= plan;
  }
  if (best) return best;
  throw new Error(`no skeleton fits ${count} speakers at ${input.difficulty} in mode ${input.mode}`);
}

function fillDraft(
  draft: PlanDraft,
  content: WriterContent,
  skeleton: Skeleton,
  mode: Mode,
  target: number,
  rng: Rng,
): boolean {
  const rows = skeleton.exchanges.map((entry) => {
    const optional = entry.endsWith("?");
    const exchange = content.exchanges.get(optional ? entry.slice(0, -1) : entry);
    if (!exchange) throw new Error(`skeleton ${skeleton.id} names an unknown exchange: ${entry}`);
    return { exchange, optional, size: exchange.beats.length };
  });
  // Room for what must still come decides, row by row, whether an optional exchange fits.
  let required = rows.reduce((sum, row) => sum + (row.optional ? 0 : row.size), 0);
  let room = rows.reduce((sum, row) => sum + (row.optional ? row.size : 0), 0);
  for (const { exchange, optional, size } of rows) {
    const fits = exchange.modes.includes(mode);
    if (!optional) {
      required -= size;
      if (!fits || !draft.add(exchange)) return false;
      continue;
    }
    const missing = target - draft.beats.length - required;
    const chance = missing / Math.max(1, room * 0.6);
    room -= size;
    if (fits && size <= missing && rng() < chance) draft.add(exchange);
  }
  return true;
}

/** The voice of an archetype. @throws Error when the content has none. */
export function voiceOf(content: WriterContent, archetype: ArchetypeId): Voice {
  const voice = content.voices.get(archetype);
  if (!voice) throw new Error(`the writer has no voice for ${archetype}`);
  return voice;
}
