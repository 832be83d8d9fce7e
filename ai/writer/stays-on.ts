import type { Act } from "./acts.ts";
import type { Beat } from "./plan-draft.ts";

/** Acts that stay on the matter of the message they answer; the others begin another, but for the opening's. */
const FOLLOWING: ReadonlySet<Act> = new Set<Act>([
  "answer",
  "agree",
  "challenge",
  "defend",
  "concede",
  "react",
  "mediate",
  "closing",
]);

/** Whether a message goes on about the aspect of what it answers. */
export function staysOn({ act, form }: Beat, target: { readonly act: Act } | undefined): boolean {
  return FOLLOWING.has(act) || form === "why" || target?.act === "opening";
}
