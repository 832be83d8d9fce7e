import { describe, expect, it } from "vitest";
import { createAudience, type Audience } from "./audience.ts";
import { chooseNext, type NextChoice } from "./choose-next.ts";
import { sampleConversation } from "./testing/sample-conversation.ts";
import { createActivePool } from "#ai/pool/active-pool.ts";
import { createRng } from "#ai/rng.ts";
import type { StoredConversation } from "#schema/stored/conversation.ts";

function choose(
  conversations: readonly StoredConversation[],
  viewers: readonly { capacity: number; seen: readonly string[] }[],
  rest: Partial<NextChoice> = {},
): string | null {
  const pool = createActivePool();
  for (const conversation of conversations) pool.add(conversation);
  const audience: Audience = createAudience();
  for (const viewer of viewers) audience.join({ ...viewer });
  const defaults = { wish: {}, played: new Set<string>(), recentTopics: [], rng: createRng("seed") };
  return chooseNext({ pool, audience, ...defaults, ...rest })?.id ?? null;
}

describe("the next conversation", () => {
  it("is the one that fits most viewers", () => {
    const pool = [
      sampleConversation("seen-by-two"),
      sampleConversation("too-large-for-two", { slots: 5 }),
      sampleConversation("best", { slots: 3 }),
    ];
    const viewers = [
      { capacity: 5, seen: ["seen-by-two"] },
      { capacity: 3, seen: ["seen-by-two"] },
      { capacity: 4, seen: [] },
    ];
    expect(choose(pool, viewers)).toBe("best");
  });

  it("is of a topic the room has not had lately, when as many can watch it", () => {
    const pool = [
      ...Array.from({ length: 10 }, (_, index) => sampleConversation(`tea-${index}`, { topicId: "tea" })),
      sampleConversation("other"),
    ];
    expect(choose(pool, [{ capacity: 5, seen: [] }], { recentTopics: ["tea"] })).toBe("other");
  });

  it("honours what the room was opened for", () => {
    const pool = [sampleConversation("a"), sampleConversation("b", { difficulty: "complex" })];
    expect(choose(pool, [{ capacity: 5, seen: [] }], { wish: { difficulty: "complex" } })).toBe("b");
  });

  it("comes from the preferred part as long as that holds something for anybody", () => {
    const preferred = createActivePool();
    preferred.add(sampleConversation("mine", { slots: 5 }));
    const pool = ["mine", "a", "b", "c"].map((id) =>
      sampleConversation(id, { slots: id === "mine" ? 5 : 2 }),
    );
    const viewers = [
      { capacity: 5, seen: [] },
      { capacity: 2, seen: [] },
    ];
    expect(choose(pool, viewers, { preferred })).toBe("mine");
    expect(choose(pool, viewers.slice(1), { preferred })).not.toBe("mine");
  });

  it("is found however few are left, and null when nobody is served", () => {
    const many = Array.from({ length: 400 }, (_, index) => sampleConversation(`c${index}`));
    const seen = many.slice(1).map(({ id }) => id);
    expect(choose(many, [{ capacity: 2, seen }])).toBe("c0");
    expect(choose(many, [{ capacity: 2, seen }], { played: new Set(["c0"]) })).toBeNull();
    expect(choose([sampleConversation("five", { slots: 5 })], [{ capacity: 4, seen: [] }])).toBeNull();
  });
});
