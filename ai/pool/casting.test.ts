import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { ELEMENTS, RARITIES } from "#schema/vocabulary.ts";
import { createRng } from "../rng.ts";
import { scoreFit } from "./casting-score.ts";
import { assign, castConversation, preferenceBonus, toCastChatling, type CastChatling } from "./casting.ts";
import { planConversation } from "./plan.ts";
import { createStarters } from "./starters.fixture.ts";
import { traitLexicon } from "./trait-lexicon.ts";

const topics = [{ id: "topic" }];
const anyRoles = fc.nat(99).map((index) => planConversation("2026-01-01T00", index, topics).roles);

const anyChatlings = (maxLength: number) =>
  fc
    .array(
      fc.record({
        traits: fc.uniqueArray(fc.constantFrom(...traitLexicon.traits), { minLength: 1, maxLength: 4 }),
        rarity: fc.constantFrom(...RARITIES),
        element: fc.constantFrom(...ELEMENTS),
        secondaryElement: fc.option(fc.constantFrom(...ELEMENTS)),
        favorite: fc.boolean(),
        ownReactions: fc.nat(500),
      }),
      { minLength: 2, maxLength },
    )
    .map((list): CastChatling[] => list.map((one, i) => ({ ...one, id: `c${i}`, name: `C${i}` })));

/** The greatest sum over every way of giving rows to different columns. */
function bruteForce(
  values: readonly number[],
  rows: number,
  columns: number,
  row = 0,
  used = new Set<number>(),
): number {
  if (row === rows) return 0;
  let best = Number.NEGATIVE_INFINITY;
  for (let column = 0; column < columns; column++) {
    if (used.has(column)) continue;
    used.add(column);
    const rest = bruteForce(values, rows, columns, row + 1, used);
    used.delete(column);
    best = Math.max(best, (values[row * columns + column] as number) + rest);
  }
  return best;
}

describe("the assignment", () => {
  test("reaches the greatest sum that brute force finds, also among equal values", () => {
    const table = fc
      .tuple(fc.integer({ min: 1, max: 5 }), fc.integer({ min: 0, max: 4 }))
      .chain(([rows, more]) =>
        fc.record({
          rows: fc.constant(rows),
          columns: fc.constant(rows + more),
          values: fc.array(
            fc.oneof(fc.integer({ min: -3, max: 9 }), fc.double({ min: 0, max: 10, noNaN: true })),
            {
              minLength: rows * (rows + more),
              maxLength: rows * (rows + more),
            },
          ),
        }),
      );
    fc.assert(
      fc.property(table, ({ rows, columns, values }) => {
        const assigned = assign(values, rows, columns);
        expect(new Set(assigned).size).toBe(rows);
        const sum = assigned.reduce(
          (total, column, row) => total + (values[row * columns + column] as number),
          0,
        );
        expect(sum).toBeCloseTo(bruteForce(values, rows, columns), 9);
      }),
      { numRuns: 400 },
    );
  });

  test("a greedy choice that spoils the whole is not made", () => {
    // Row 0 likes column 0 a little more; row 1 can use nothing else.
    expect(assign([9, 8, 9, 0], 2, 2)).toEqual([1, 0]);
  });
});

describe("casting", () => {
  test("gives every role one chatling, nobody two, and reports the pure score", () => {
    fc.assert(
      fc.property(anyRoles, anyChatlings(12), fc.string(), (roles, chatlings, seed) => {
        const cast = castConversation(roles, chatlings, createRng(seed));
        expect(cast === null).toBe(chatlings.length < roles.length);
        if (cast === null) return;
        expect(cast.map(({ slot }) => slot)).toEqual(roles.map(({ slot }) => slot));
        expect(new Set(cast.map(({ chatlingId }) => chatlingId)).size).toBe(roles.length);
        for (const [r, member] of cast.entries()) {
          const chatling = chatlings.find(({ id }) => id === member.chatlingId) as CastChatling;
          expect(member.score).toBe(scoreFit(roles[r]!, chatling));
          expect(member.name).toBe(chatling.name);
          expect(member.archetype).toBe(roles[r]!.archetype);
        }
      }),
    );
  });

  test("without chance reaches the greatest sum of fit and preference", () => {
    fc.assert(
      fc.property(anyRoles, anyChatlings(7), (roles, chatlings) => {
        const cast = castConversation(roles, chatlings, () => 0);
        if (cast === null) return;
        const value = (r: number, c: CastChatling) => scoreFit(roles[r]!, c) + preferenceBonus(c);
        const sum = cast.reduce(
          (total, member, r) =>
            total +
            value(
              r,
              chatlings.find(({ id }) => id === member.chatlingId)!,
            ),
          0,
        );
        const values = roles.flatMap((_, r) => chatlings.map((c) => value(r, c)));
        expect(sum).toBeCloseTo(bruteForce(values, roles.length, chatlings.length), 9);
      }),
      { numRuns: 60 },
    );
  });

  const roles = planConversation("2026-01-01T00", 0, topics).roles;
  const twins = (change: Partial<CastChatling>): CastChatling[] => {
    const plain: CastChatling = { ...toCastChatling(createStarters()[0]!), id: "plain" };
    return [plain, { ...plain, id: "liked", ...change }, ...createStarters().slice(1).map(toCastChatling)];
  };
  const timesCast = (chatlings: CastChatling[], id: string) =>
    Array.from({ length: 200 }, (_, i) => castConversation(roles, chatlings, createRng(`seed ${i}`))).filter(
      (cast) => cast?.some(({ chatlingId }) => chatlingId === id),
    ).length;

  test("equals take turns, favorites and liked ones come oftener", () => {
    const even = twins({});
    expect(timesCast(even, "plain")).toBeGreaterThan(20);
    expect(timesCast(even, "liked")).toBeGreaterThan(20);
    for (const change of [{ favorite: true }, { ownReactions: 40 }]) {
      const chatlings = twins(change);
      expect(timesCast(chatlings, "liked")).toBeGreaterThan(timesCast(chatlings, "plain") + 50);
    }
  });

  test("own reactions count less and less, and never more than 1 point", () => {
    const bonus = (ownReactions: number) => preferenceBonus({ favorite: false, ownReactions });
    expect(bonus(0)).toBe(0);
    expect(bonus(2) - bonus(1)).toBeLessThan(bonus(1) - bonus(0));
    expect(bonus(1_000_000)).toBe(1);
  });

  test("the same seed casts the same, and chance moves the choice by less than a clear difference in fit", () => {
    const starters = createStarters().map(toCastChatling);
    expect(castConversation(roles, starters, createRng("a"))).toEqual(
      castConversation(roles, starters, createRng("a")),
    );
  });

  test("a collection of 500 is cast as well as by looking at everyone", () => {
    const collection = Array.from({ length: 500 }, (_, i) => ({
      ...toCastChatling(createStarters()[i % 5]!),
      id: `c${i}`,
    }));
    const cast = castConversation(roles, collection, () => 0);
    const best = roles.map((role) => Math.max(...collection.map((c) => scoreFit(role, c))));
    expect(cast?.map(({ score }) => score)).toEqual(best);
  });
});
