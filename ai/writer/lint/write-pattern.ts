import type { Token } from "../frame.ts";

/** A parsed pattern as its author wrote it, to be quoted in a complaint. */
export function writePattern(tokens: readonly Token[]): string {
  return tokens
    .map((token) => {
      if (token.type === "text") return token.value;
      if (token.type === "slot") return `{${token.name}}`;
      if (token.type === "choice") return `[${token.options.map(writePattern).join("|")}]`;
      if (token.type === "number") return `{${token.ahead ? ">" : ""}${token.one}|${token.many}}`;
      return token.comma === "before" ? ", {name}" : "{name}, ";
    })
    .join("");
}
