import { expect, it } from "vitest";
import { sampleUsage } from "../testing/sample-usage.ts";
import { toSpendingTables } from "./spending-rows.ts";

const spent = { calls: 1, costUsd: 0.5, inputTokens: 1, cachedTokens: 0, outputTokens: 1 };

it("each table tells what, how often and for how much; months begin with the newest", () => {
  const [providers, conversations, months] = toSpendingTables(sampleUsage());
  expect(providers?.rows).toEqual([
    ["Anthropic", "12", "$0.03"],
    ["my-own-box", "1,204", "$0.0021"],
  ]);
  expect(conversations?.rows).toEqual([["Qx7fT2_a", "9", "$0.02"]]);
  expect(months?.rows.map(([name]) => name)).toEqual(["November 2026", "October 2026"]);
});

it("a table without rows is left out", () => {
  const titles = toSpendingTables(sampleUsage({ byProvider: [], byConversation: [] })).map(
    ({ title }) => title,
  );
  expect(titles).toEqual(["By month"]);
});

it("of many conversations the dearest are shown, and how many more there are", () => {
  const byConversation = Array.from({ length: 8 }, (_, nth) => ({ conversationId: `c${nth}`, ...spent }));
  const table = (count: number) =>
    toSpendingTables(sampleUsage({ byConversation: byConversation.slice(0, count) })).find(
      ({ id }) => id === "spending-conversations",
    );
  expect(table(8)?.rows.map(([name]) => name)).toEqual(["c0", "c1", "c2", "c3", "c4"]);
  expect([table(5)?.more, table(6)?.more, table(8)?.more]).toEqual([
    "",
    "And a cheaper one.",
    "And 3 cheaper ones.",
  ]);
});
