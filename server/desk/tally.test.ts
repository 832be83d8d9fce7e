import { describe, expect, it } from "vitest";
import { createTally } from "./tally.ts";

describe("a tally", () => {
  it("counts by key and knows when it saw each first and last, most frequent first", () => {
    const tally = createTally<{ code: string }>(10);
    tally.add({ code: "a" }, 1);
    tally.add({ code: "b" }, 2, 3);
    tally.add({ code: "a" }, 5);
    expect(tally.rows()).toEqual([
      { code: "b", count: 3, firstSeenMs: 2, lastSeenMs: 2 },
      { code: "a", count: 2, firstSeenMs: 1, lastSeenMs: 5 },
    ]);
    expect(tally.forgotten()).toBe(0);
  });

  it("keeps what is frequent, however many rare keys somebody makes up", () => {
    const tally = createTally<{ code: string }>(3);
    tally.add({ code: "real" }, 0, 5);
    for (let i = 0; i < 1000; i++) tally.add({ code: `made-up-${i}` }, i);
    const rows = tally.rows();
    expect(rows.map(({ code }) => code)).toEqual(["real", "made-up-998", "made-up-999"]);
    expect(tally.forgotten() + rows.reduce((sum, { count }) => sum + count, 0)).toBe(1005);
  });
});
