/** One piece of a frame: fixed text, a slot, an address, a form that agrees in number, or a free choice. */
export type Token =
  | { readonly type: "text"; readonly value: string }
  | { readonly type: "slot"; readonly name: string }
  /** Somebody is spoken to by name, which can be left out; the comma stands before or behind. */
  | { readonly type: "address"; readonly comma: "before" | "behind" }
  | { readonly type: "number"; readonly one: string; readonly many: string; readonly ahead: boolean }
  | { readonly type: "choice"; readonly options: readonly (readonly Token[])[] };

/** A sentence pattern broke the frame syntax; the message quotes it. */
export class FrameSyntaxError extends Error {}

/**
 * Reads the frame syntax: `{name}` is a slot, `{is|are}` agrees with the noun phrase before it and
 * `{>is|are}` with the one that follows, `[really|truly|]` is a free choice whose options may hold slots themselves.
 * @throws FrameSyntaxError on an unclosed or empty bracket.
 */
export function parseFrame(written: string): readonly Token[] {
  const source = markAddresses(written);
  let at = 0;
  const parseUntil = (stops: string): Token[] => {
    const tokens: Token[] = [];
    let text = "";
    const flush = () => {
      if (text) tokens.push({ type: "text", value: text });
      text = "";
    };
    while (at < source.length && !stops.includes(source.charAt(at))) {
      const char = source.charAt(at);
      if (char === "{") {
        flush();
        const end = source.indexOf("}", at);
        const body = end < 0 ? "" : source.slice(at + 1, end);
        if (!body) throw new FrameSyntaxError(`empty or unclosed slot in: ${source}`);
        const [one, many, ...rest] = body.split("|");
        if (rest.length > 0) throw new FrameSyntaxError(`{${body}} has more than two forms in: ${source}`);
        if (many === undefined) tokens.push(toSlot(body));
        else {
          const ahead = body.startsWith(">");
          tokens.push({ type: "number", one: (one ?? "").slice(ahead ? 1 : 0), many, ahead });
        }
        at = end + 1;
      } else if (char === "[") {
        flush();
        at++;
        const options: Token[][] = [];
        for (;;) {
          options.push(parseUntil("|]"));
          if (at >= source.length) throw new FrameSyntaxError(`unclosed choice in: ${source}`);
          if (source.charAt(at++) === "]") break;
        }
        tokens.push({ type: "choice", options });
      } else {
        text += char;
        at++;
      }
    }
    flush();
    return tokens;
  };
  return parseUntil("");
}

const ADDRESS_BEHIND = "{,name}";
const ADDRESS_AHEAD = "{name,}";

/** A name between a comma and the end of a clause, or at the beginning before one, is no part of the sentence. */
function markAddresses(source: string): string {
  return source
    .replaceAll(/, \{name\}(?=[,.:;!?…]|$)/g, ADDRESS_BEHIND)
    .replaceAll(/(?<=^|[.!?…] )\{name\}, /g, ADDRESS_AHEAD);
}

function toSlot(body: string): Token {
  if (`{${body}}` === ADDRESS_BEHIND) return { type: "address", comma: "before" };
  if (`{${body}}` === ADDRESS_AHEAD) return { type: "address", comma: "behind" };
  return { type: "slot", name: body };
}

const slotsKnown = new WeakMap<readonly Token[], readonly string[]>();

/** Every slot name a frame may ask for, in reading order, with repetitions. */
export function slotsOf(tokens: readonly Token[]): readonly string[] {
  let slots = slotsKnown.get(tokens);
  if (!slots) slotsKnown.set(tokens, (slots = findSlots(tokens)));
  return slots;
}

function findSlots(tokens: readonly Token[]): string[] {
  return tokens.flatMap((token) => {
    if (token.type === "slot") return [token.name];
    if (token.type === "choice") return token.options.flatMap(findSlots);
    return [];
  });
}

/** Slots that stand for something with a number of its own. */
export const NOUN_SLOTS: ReadonlySet<string> = new Set([
  "topic",
  "phrase",
  "good",
  "bad",
  "echo",
  "echo+",
  "echo-",
]);

/** How many words a slot usually brings. */
const SLOT_WORDS: Readonly<Record<string, number>> = {
  topic: 3,
  phrase: 2.7,
  good: 2.7,
  bad: 2.7,
  echo: 2.7,
  "echo+": 2.7,
  "echo-": 2.7,
  fact: 3.8,
  pro: 4.6,
  con: 4.6,
  reason: 4.6,
  their: 4.3,
  headline: 9,
  think: 2,
  name: 1,
  other: 1,
};

/** The usual length of a frame's line in words. */
export function usualWords(tokens: readonly Token[]): number {
  let words = 0;
  for (const token of tokens) {
    if (token.type === "text")
      words += token.value.split(/\s+/).filter((word) => /[a-z0-9]/i.test(word)).length;
    else if (token.type === "slot") words += SLOT_WORDS[token.name] ?? 1.5;
    else if (token.type === "number") words += 1;
    else if (token.type === "choice")
      words += token.options.reduce((sum, option) => sum + usualWords(option), 0) / token.options.length;
  }
  return words;
}
