import { expect, it } from "vitest";
import { toTopicImport, UnreadableTopicsError } from "./to-topic-import.ts";

it("takes a feed's XML, a list of texts or topics, and the import's own shape", () => {
  expect(toTopicImport("\n <rss></rss>")).toEqual({ rss: "\n <rss></rss>" });
  const list = ["first snow", { text: "old maps", category: "hobby" }];
  expect(toTopicImport(JSON.stringify(list))).toEqual({ topics: [{ text: "first snow" }, list[1]] });
  const own = { topics: [{ text: "first snow" }] };
  expect(toTopicImport(JSON.stringify(own))).toEqual(own);
});

it("says of any other file that it cannot be read", () => {
  for (const text of ["", "first snow", "[1,"])
    expect(() => toTopicImport(text)).toThrow(UnreadableTopicsError);
});
