import { describe, expect, it } from "vitest";
import { InvalidFeedError, readFeed } from "./read-feed.ts";

const rss = (titles: string): string =>
  `<?xml version="1.0"?><rss version="2.0"><channel>${titles}</channel></rss>`;

/** All headlines, or nothing when the feed is refused. */
function tryToRead(xml: string): string {
  try {
    return readFeed(xml).join("");
  } catch {
    return "";
  }
}

describe("readFeed", () => {
  it("reads RSS headlines in order", () => {
    const xml = rss(
      "<title>News</title><item><title>First things</title></item><item><title>Second</title></item>",
    );
    expect(readFeed(xml)).toEqual(["First things", "Second"]);
  });

  it("reads Atom entries and a feed with one item", () => {
    expect(readFeed('<feed><entry><title type="html">Only one</title></entry></feed>')).toEqual(["Only one"]);
  });

  it("gives plain text: no markup, one line, at most 200 characters", () => {
    const long = "word ".repeat(80);
    const [marked, cut] = readFeed(
      rss(`<item><title><![CDATA[A <b>bold</b>\n claim]]></title></item><item><title>${long}</title></item>`),
    );
    expect(marked).toBe("A bold claim");
    expect(cut?.length).toBeLessThanOrEqual(200);
    expect(cut?.endsWith("…")).toBe(true);
  });

  it("expands no entities of the feed's own", () => {
    const bomb = `<!DOCTYPE rss [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]>${rss(
      "<item><title>&b; news</title></item>",
    )}`;
    expect(tryToRead(bomb).length).toBeLessThan(100);
  });

  it("keeps at most 200 headlines", () => {
    const items = Array.from({ length: 250 }, (_, i) => `<item><title>Headline ${i}</title></item>`).join("");
    expect(readFeed(rss(items))).toHaveLength(200);
  });

  it.each(["not xml at all", "<rss><channel>", "<html><body>No feed</body></html>"])("refuses %j", (text) => {
    expect(() => readFeed(text)).toThrow(InvalidFeedError);
  });
});
