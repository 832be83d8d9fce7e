import { describe, expect, test } from "vitest";
import { createPoolAlerts, judgeAlerts, type AlertFigures } from "./alerts.ts";
import { createMemoryLog } from "./memory-ports.ts";

const fine: AlertFigures = {
  activeConversations: 2400,
  written: 300,
  failed: 0,
  expired: 300,
  matchScoreSum: 700,
  matchScoreCount: 100,
  settling: false,
};
const judge = (change: Partial<AlertFigures>) => [...judgeAlerts({ ...fine, ...change })];

describe("the alerts", () => {
  test.each<[Partial<AlertFigures>, string[]]>([
    [{}, []],
    [{ activeConversations: 999 }, ["pool-size-low"]],
    [{ activeConversations: 1000 }, []],
    [{ activeConversations: 0, settling: true }, []],
    [{ written: 285, failed: 16 }, ["generation-failing"]],
    [{ written: 285, failed: 15 }, []],
    [{ written: 0, failed: 10, expired: 0 }, []],
    [{ matchScoreSum: 499 }, ["match-score-low"]],
    [{ matchScoreSum: 500 }, []],
    [{ matchScoreSum: 4, matchScoreCount: 2 }, []],
    [{ written: 0, expired: 151 }, ["expiry-outpaces-generation"]],
    [{ written: 0, expired: 150 }, []],
    [{ written: 0, expired: 2400, settling: true }, []],
    [
      { activeConversations: 10, written: 0, failed: 300, expired: 300, matchScoreSum: 0 },
      ["pool-size-low", "generation-failing", "match-score-low", "expiry-outpaces-generation"],
    ],
  ])("for %j are %j", (change, expected) => {
    expect(judge(change)).toEqual(expected);
  });

  test("are logged once when raised and once when cleared, and told since when", () => {
    const log = createMemoryLog();
    const changes: string[] = [];
    const alerts = createPoolAlerts(log, (name, change) => changes.push(`${name} ${change}`));
    const low = { ...fine, activeConversations: 10 };
    for (const atMs of [1000, 2000, 3000]) alerts.update(low, atMs);
    expect(alerts.raised()).toEqual([{ name: "pool-size-low", sinceMs: 1000 }]);
    for (const atMs of [4000, 5000]) alerts.update(fine, atMs);
    expect(alerts.raised()).toEqual([]);
    alerts.update(low, 6000);
    expect(changes).toEqual(["pool-size-low raised", "pool-size-low cleared", "pool-size-low raised"]);
    expect(log.lines.map(({ level, message }) => `${level} ${message}`)).toEqual([
      "warn alert raised: pool-size-low",
      "info alert cleared: pool-size-low",
      "warn alert raised: pool-size-low",
    ]);
  });

  test("are dropped in silence when another process watches", () => {
    const log = createMemoryLog();
    const alerts = createPoolAlerts(log);
    alerts.update({ ...fine, activeConversations: 10 }, 0);
    alerts.reset();
    expect(alerts.raised()).toEqual([]);
    expect(log.lines).toHaveLength(1);
  });
});
