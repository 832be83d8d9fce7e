import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { createAudience, type AudienceMember } from "./audience.ts";

const IDS = ["a", "b", "c", "d", "e", "f"];

const step = fc.oneof(
  fc.record({ do: fc.constant("join" as const), capacity: fc.nat(5), seen: fc.subarray(IDS) }),
  fc.record({ do: fc.constant("leave" as const), who: fc.nat() }),
  fc.record({ do: fc.constant("resize" as const), who: fc.nat(), capacity: fc.nat(5) }),
  fc.record({ do: fc.constant("learn" as const), who: fc.nat(), seen: fc.subarray(IDS) }),
);

describe("the audience's counters", () => {
  it("say the same as counting the viewers one by one", () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
        const audience = createAudience();
        const present: AudienceMember[] = [];
        for (const each of steps) {
          if (each.do === "join") {
            const member = { capacity: each.capacity, seen: each.seen };
            present.push(member);
            audience.join(member);
          } else if (present.length > 0) {
            const index = each.who % present.length;
            const member = present[index] as AudienceMember;
            if (each.do === "learn") audience.learn(member, each.seen);
            else if (each.do === "resize") audience.resize(member, each.capacity);
            else {
              audience.leave(member);
              present.splice(index, 1);
            }
          }
        }
        expect(audience.size).toBe(present.length);
        expect(audience.largestCapacity).toBe(Math.max(0, ...present.map(({ capacity }) => capacity)));
        for (const id of IDS) {
          for (let slots = 2; slots <= 5; slots++) {
            const fitting = present.filter(({ capacity, seen }) => capacity >= slots && !seen.includes(id));
            expect(audience.fits(id, slots)).toBe(fitting.length);
          }
        }
      }),
    );
  });

  it("stay right when viewers leave who had seen a forgotten conversation", () => {
    const audience = createAudience();
    const ann = { capacity: 5, seen: ["a"] };
    audience.join(ann);
    audience.join({ capacity: 5, seen: [] });
    audience.forget(["a"]);
    audience.leave(ann);
    expect(audience.fits("a", 2)).toBe(1);
  });
});
