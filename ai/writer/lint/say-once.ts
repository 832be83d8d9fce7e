import { pick } from "../../rng.ts";
import type { Rng } from "../../rng.ts";
import type { Token } from "../frame.ts";

interface SayingOrder {
  readonly rng: Rng;
  /** What stands in for a slot: words, another pattern, or nothing. */
  readonly fill: (slot: string) => string | readonly Token[];
  /** Whether verbs agree with a plural. */
  readonly many: boolean;
}

/** One way to say a pattern, to look at: choices are drawn, slots are filled with what stands in for them. */
export function sayOnce(tokens: readonly Token[], order: SayingOrder): string {
  return tokens
    .map((token) => {
      if (token.type === "text") return token.value;
      if (token.type === "number") return order.many ? token.many : token.one;
      if (token.type === "choice") return sayOnce(pick(order.rng, token.options), order);
      if (token.type === "address") return "";
      const words = order.fill(token.name);
      return typeof words === "string" ? words : sayOnce(words, order);
    })
    .join("");
}
