import { beforeEach, expect, test } from "vitest";
import { createFakeClock, type FakeClock } from "../fake-clock.ts";
import { createViewingHours, type ViewingHours } from "./viewing-hours.ts";

const HOUR_MS = 3_600_000;

let clock: FakeClock;
let hours: ViewingHours;

beforeEach(() => {
  clock = createFakeClock(Date.UTC(2026, 0, 1, 0, 30));
  hours = createViewingHours("a", clock);
});

test("scores and users add up over the hours of a day, and leave with it", async () => {
  hours.observe("anna", [8, 6]);
  await clock.advance(HOUR_MS);
  hours.observe("anna", [4]);
  hours.observe("ben", []);
  expect(hours.figures()).toEqual({ scoreSum: 18, scoreCount: 3, uniqueUsers: 2 });
  await clock.advance(23 * HOUR_MS);
  expect(hours.figures()).toEqual({ scoreSum: 4, scoreCount: 1, uniqueUsers: 2 });
  await clock.advance(HOUR_MS);
  expect(hours.figures()).toEqual({ scoreSum: 0, scoreCount: 0, uniqueUsers: 0 });
});

test("hours that changed are handed out once, and again when they could not be written", async () => {
  hours.observe("anna", [8]);
  const [first, ...others] = hours.takeChanged();
  expect(others).toEqual([]);
  expect(first).toMatchObject({
    process: "a",
    hourStartMs: Date.UTC(2026, 0, 1),
    scoreSum: 8,
    scoreCount: 1,
  });
  expect(hours.takeChanged()).toEqual([]);
  hours.giveBack([first!]);
  await clock.advance(HOUR_MS);
  hours.observe("ben", [2]);
  expect(hours.takeChanged().map(({ scoreSum }) => scoreSum)).toEqual([8, 2]);
});

test("other processes' hours count with the own ones, a later report in place of the earlier, own ones never", () => {
  const other = createViewingHours("b", clock);
  hours.observe("anna", [8]);
  other.observe("anna", [6]);
  hours.learn(other.takeChanged());
  other.observe("cleo", [4]);
  hours.learn([...other.takeChanged(), ...hours.takeChanged()]);
  expect(hours.figures()).toEqual({ scoreSum: 18, scoreCount: 3, uniqueUsers: 2 });
});
