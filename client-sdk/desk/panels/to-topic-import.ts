/** A file that is neither a feed nor JSON. */
export class UnreadableTopicsError extends Error {
  override readonly name = "UnreadableTopicsError";
}

/**
 * The body of a topic import from a file's text: `{ topics: […] }`, a bare list of texts or topics, or a feed's XML.
 * What is in it the server checks.
 * @throws UnreadableTopicsError
 */
export function toTopicImport(text: string): unknown {
  if (text.trimStart().startsWith("<")) return { rss: text };
  const value = parse(text);
  if (!Array.isArray(value)) return value;
  return { topics: value.map((topic: unknown) => (typeof topic === "string" ? { text: topic } : topic)) };
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch (cause) {
    throw new UnreadableTopicsError("neither a feed nor JSON", { cause });
  }
}
