import { describe, expect, it } from "vitest";
import { createFakeClock } from "#ai/fake-clock.ts";
import { createEngagement } from "./engagement.ts";

const MINUTE_MS = 60_000;
const DAY_MS = 86_400_000;

function openEngagement() {
  const clock = createFakeClock(Date.UTC(2026, 0, 1, 12));
  const sessions: number[] = [];
  const engagement = createEngagement(clock, {
    observeWatching: () => {},
    observeSession: (seconds) => void sessions.push(seconds),
  });
  return { clock, sessions, engagement };
}

describe("engagement", () => {
  it("adds up what a day's audiences did", () => {
    const { engagement } = openEngagement();
    for (const id of ["ann", "bob", "ann"]) engagement.entered(id);
    engagement.watched({ started: 4, finished: 1, reactions: 5 });
    engagement.watched({ started: 4, finished: 3, reactions: 1 });
    expect(engagement.days()).toEqual([
      {
        day: "2026-01-01",
        started: 8,
        finished: 4,
        watchThrough: 0.5,
        viewers: 2,
        reactions: 6,
        reactionsPerViewer: 3,
        sessions: { count: 0, meanMs: null, p50Ms: null, p90Ms: null },
      },
    ]);
  });

  it("takes going from room to room for one session", async () => {
    const { clock, engagement, sessions } = openEngagement();
    engagement.entered("ann");
    await clock.advance(5 * MINUTE_MS);
    engagement.entered("ann");
    engagement.left("ann");
    await clock.advance(5 * MINUTE_MS);
    engagement.left("ann");
    expect(sessions).toEqual([600]);
    engagement.entered("ann");
    await clock.advance(2 * MINUTE_MS);
    engagement.left("ann");
    expect(sessions).toEqual([600, 120]);
    expect(engagement.days()[0]?.sessions).toMatchObject({ count: 2, meanMs: 6 * MINUTE_MS });
  });

  it("is not put out by a goodbye without a hello", () => {
    const { engagement, sessions } = openEngagement();
    engagement.left("ann");
    expect([engagement.days(), sessions]).toEqual([[], []]);
  });

  it("keeps 30 days, newest first", async () => {
    const { clock, engagement } = openEngagement();
    for (let day = 0; day < 40; day++) {
      engagement.watched({ started: 1, finished: 0, reactions: 0 });
      await clock.advance(DAY_MS);
    }
    const days = engagement.days().map(({ day }) => day);
    expect([days.length, days[0], days.at(-1)]).toEqual([30, "2026-02-09", "2026-01-11"]);
  });
});
