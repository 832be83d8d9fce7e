import { XMLParser, XMLValidator } from "fast-xml-parser";

/** The text is neither an RSS nor an Atom feed that can be read. */
export class InvalidFeedError extends Error {
  override readonly name = "InvalidFeedError";
}

const MAX_HEADLINES = 200;

// Entities beyond XML's five stay as they are: a feed cannot make the parser expand anything.
const parser = new XMLParser({
  ignoreAttributes: true,
  processEntities: true,
  htmlEntities: false,
  trimValues: true,
});

/**
 * The headlines of an RSS 2.0, RSS 1.0 or Atom feed, in the feed's order, at most 200.
 * @throws InvalidFeedError
 */
export function readFeed(xml: string): string[] {
  if (XMLValidator.validate(xml) !== true) throw new InvalidFeedError("the feed is not well-formed XML");
  const document = parser.parse(xml) as Record<string, Node>;
  const rss = document["rss"]?.["channel"] as Node | undefined;
  const items = rss?.["item"] ?? document["rdf:RDF"]?.["item"] ?? document["feed"]?.["entry"];
  if (!rss && !document["rdf:RDF"] && !document["feed"])
    throw new InvalidFeedError("the feed is neither RSS nor Atom");
  return toList(items)
    .map((item) => toPlainText((item as Node | null)?.["title"]))
    .filter((headline) => headline.length >= 3)
    .slice(0, MAX_HEADLINES);
}

type Node = { readonly [name: string]: unknown };

const toList = (value: unknown): unknown[] =>
  value === undefined ? [] : Array.isArray(value) ? value : [value];

/** One line of text without markup, at most 200 characters. */
function toPlainText(title: unknown): string {
  const text = typeof title === "object" && title !== null ? (title as Node)["#text"] : title;
  if (typeof text !== "string" && typeof text !== "number") return "";
  const plain = String(text)
    .replace(/<[^>]*>/g, " ")
    .replace(/\s+/g, " ")
    .trim();
  return plain.length <= 200 ? plain : `${plain.slice(0, 199).trimEnd()}…`;
}
