import { expect, it } from "vitest";
import { addMonths, toDayAfter, toMonth, toMonthName } from "./month.ts";

it("a month has a name, and ends where the next begins, whatever this device's time zone", () => {
  expect(toMonthName("2026-11")).toBe("November 2026");
  expect(toDayAfter("2026-11")).toBe("December 1");
  expect(toDayAfter("2026-12")).toBe("January 1");
});

it("what is no month is shown as it came", () => {
  expect(toMonthName("soon")).toBe("soon");
});

it("months are counted over the turn of a year", () => {
  expect([addMonths("2026-12", 1), addMonths("2026-01", -1), addMonths("2026-11", -11)]).toEqual([
    "2027-01",
    "2025-12",
    "2025-12",
  ]);
  expect(toMonth(Date.UTC(2026, 10, 30, 23, 59))).toBe("2026-11");
});
