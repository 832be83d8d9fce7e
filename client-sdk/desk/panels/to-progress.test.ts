import { expect, it } from "vitest";
import { toProgress } from "./to-progress.ts";

it("goes on while the pool grows, and is done when it has grown by what was asked", () => {
  expect(toProgress([500], 40)).toEqual({ written: 0, state: "going" });
  expect(toProgress([500, 500, 512], 40)).toEqual({ written: 12, state: "going" });
  expect(toProgress([500, 512, 545], 40)).toEqual({ written: 40, state: "done" });
});

it("conversations that expire meanwhile do not take back what was written", () => {
  expect(toProgress([500, 520, 480], 40)).toEqual({ written: 20, state: "going" });
});

it("a pool that has stopped growing is told as such", () => {
  const still = Array.from({ length: 60 }, () => 510);
  expect(toProgress([500, ...still], 40)).toEqual({ written: 10, state: "going" });
  expect(toProgress([500, ...still, 510], 40)).toEqual({ written: 10, state: "stalled" });
  expect(
    toProgress(
      Array.from({ length: 61 }, () => 500),
      40,
    ),
  ).toEqual({ written: 0, state: "stalled" });
});
