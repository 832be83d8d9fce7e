import type { StoredChatling } from "#schema/stored/chatling.ts";
import type { ConversationRole } from "#schema/stored/conversation.ts";
import { MAX_SLOTS } from "#schema/vocabulary.ts";
import type { Rng } from "../rng.ts";
import { rememberPersonalityParts, scoreFit, type ScoredChatling } from "./casting-score.ts";
import { extractTraits } from "./traits.ts";

/** What casting reads of a chatling. */
export interface CastChatling extends ScoredChatling {
  readonly id: string;
  readonly name: string;
  readonly favorite: boolean;
  /** Reactions its owner gave to lines it spoke. */
  readonly ownReactions: number;
}

/** One role and who plays it for one user. */
export interface CastMember {
  readonly slot: number;
  readonly archetype: string;
  readonly chatlingId: string;
  readonly name: string;
  /** The pure fit, 0–10, without bonuses and variety. */
  readonly score: number;
}

const FAVORITE_BONUS = 1.5;
const OWN_REACTIONS_BONUS_MAX = 1;
/** Up to this many points are dealt by chance, so that nearly equal chatlings take turns. */
const VARIETY = 0.6;

/** What a stored chatling brings to casting; its fit to every archetype is computed here, once. */
export function toCastChatling(stored: StoredChatling): CastChatling {
  const { traits } = extractTraits(stored.personality, stored.backstory);
  rememberPersonalityParts(traits);
  return {
    id: stored.id,
    name: stored.name,
    favorite: stored.favorite,
    ownReactions: stored.ownReactions,
    rarity: stored.rarity,
    element: stored.element,
    secondaryElement: stored.secondaryElement,
    traits,
  };
}

/** Points for being liked: favourites 1.5; own reactions 0.2 × ln(1 + n), at most 1. */
export function preferenceBonus(chatling: Pick<CastChatling, "favorite" | "ownReactions">): number {
  const liked = Math.min(OWN_REACTIONS_BONUS_MAX, 0.2 * Math.log1p(Math.max(0, chatling.ownReactions)));
  return liked + (chatling.favorite ? FAVORITE_BONUS : 0);
}

/**
 * Casts a user's active chatlings so that fit + preference + up to 0.6 points of seeded variety, summed over
 * the roles, is the greatest possible. Null when there are fewer chatlings than roles (at most 5).
 */
export function castConversation(
  roles: readonly ConversationRole[],
  chatlings: readonly CastChatling[],
  rng: Rng,
): CastMember[] | null {
  if (roles.length > MAX_SLOTS) throw new RangeError(`a conversation has at most ${MAX_SLOTS} roles`);
  if (chatlings.length < roles.length) return null;
  const count = chatlings.length;
  const bonuses = chatlings.map(preferenceBonus);
  const scores: number[] = [];
  const values: number[] = [];
  for (const role of roles) {
    for (let c = 0; c < count; c++) {
      const score = scoreFit(role, chatlings[c] as CastChatling);
      scores.push(score);
      values.push(score + (bonuses[c] as number) + VARIETY * rng());
    }
  }
  const assigned = assign(values, roles.length, count);
  return roles.map((role, r) => {
    const c = assigned[r] as number;
    const chatling = chatlings[c] as CastChatling;
    return {
      slot: role.slot,
      archetype: role.archetype,
      chatlingId: chatling.id,
      name: chatling.name,
      score: scores[r * count + c] as number,
    };
  });
}

/**
 * The columns, one for each row and no two the same, of greatest sum in a row-major table of values.
 *
 * Only the best `rows` columns of each row are looked at, which loses nothing: take an optimal assignment
 * in which a row uses a column outside its own best `rows`. The other rows use `rows` − 1 columns, so one
 * of those best is free; moving the row there does not lessen the sum and touches no other row. Repeating
 * this for each such row gives an optimal assignment within the candidates.
 *
 * Over the candidates runs the usual dynamic programme: best[mask] is the greatest sum of giving exactly the
 * rows of `mask` to the columns seen so far, and each further column takes one more row or none.
 */
export function assign(values: readonly number[], rows: number, columns: number): number[] {
  const candidates = bestColumns(values, rows, columns);
  const full = (1 << rows) - 1;
  const best = new Float64Array(full + 1).fill(Number.NEGATIVE_INFINITY);
  best[0] = 0;
  const taken = new Int8Array(candidates.length * (full + 1)).fill(-1);
  for (let k = 0; k < candidates.length; k++) {
    const column = candidates[k] as number;
    // Downwards, so that best[] of a smaller mask does not hold this column yet.
    for (let mask = full; mask > 0; mask--) {
      for (let row = 0; row < rows; row++) {
        if ((mask & (1 << row)) === 0) continue;
        const sum = (best[mask ^ (1 << row)] as number) + (values[row * columns + column] as number);
        if (sum > (best[mask] as number)) {
          best[mask] = sum;
          taken[k * (full + 1) + mask] = row;
        }
      }
    }
  }
  const assigned = Array.from<number>({ length: rows }).fill(-1);
  let mask = full;
  for (let k = candidates.length - 1; k >= 0 && mask > 0; k--) {
    const row = taken[k * (full + 1) + mask] as number;
    if (row < 0) continue;
    assigned[row] = candidates[k] as number;
    mask ^= 1 << row;
  }
  return assigned;
}

/** With so few columns, looking at all of them costs less than finding the best. */
const FEW_COLUMNS = 8;

/** The union of the best `rows` columns of each row. */
function bestColumns(values: readonly number[], rows: number, columns: number): number[] {
  if (columns <= FEW_COLUMNS) return Array.from({ length: columns }, (_, column) => column);
  const kept = new Set<number>();
  const top: number[] = [];
  for (let row = 0; row < rows; row++) {
    const start = row * columns;
    top.length = 0;
    for (let column = 0; column < columns; column++) {
      const value = values[start + column] as number;
      if (top.length === rows && value <= (values[start + (top[rows - 1] as number)] as number)) continue;
      let at = top.length;
      while (at > 0 && value > (values[start + (top[at - 1] as number)] as number)) at--;
      top.splice(at, 0, column);
      if (top.length > rows) top.pop();
    }
    for (const column of top) kept.add(column);
  }
  return [...kept];
}
