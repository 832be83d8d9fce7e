import * as z from "zod";
import type { ModelReply } from "./model.ts";
import type { Prompt, Task } from "./task.ts";

/** What a model's reply comes to. */
export type ReadAnswer<Output> =
  | { readonly type: "output"; readonly output: Output }
  | { readonly type: "refused" }
  /** Told to the model, which may mend it. Holds no part of the answer but the names of fields. */
  | { readonly type: "misfit"; readonly problem: string };

/** Most problems that a model is told at once. */
const MOST_PROBLEMS = 5;

/** Reads a reply as the task's output. */
export function readAnswer<Input, Output>(
  task: Task<Input, Output>,
  input: Input,
  { text, stop }: ModelReply,
): ReadAnswer<Output> {
  if (stop === "refused" && (text.trim() === "" || !task.fromText)) return { type: "refused" };
  if (!task.fromText && stop === "truncated") return misfit("It was cut off: give a shorter one, whole.");
  const value = task.fromText ? task.fromText(text, input) : parseJson(text);
  if (value === undefined) return misfit("It is not one JSON value.");
  const parsed = z.safeParse(task.output, value);
  if (!parsed.success) return misfit(parsed.error.issues.slice(0, MOST_PROBLEMS).map(toProblem).join("; "));
  if (task.answers?.(input, parsed.data) === false) return misfit("It does not do all that was asked for.");
  return { type: "output", output: parsed.data };
}

/** The same prompt, the answer that did not fit, and why; the beginning stays as it was, for the vendor's cache. */
export function toRepairPrompt(prompt: Prompt, { text }: ModelReply, problem: string): Prompt {
  const ask = `That answer cannot be used: ${problem} Answer once more, from the beginning, in the form asked for, and with nothing else.`;
  return {
    ...prompt,
    messages: [
      ...prompt.messages,
      // A vendor refuses an empty one.
      { role: "assistant", text: text.trim() || "…" },
      { role: "user", text: ask },
    ],
  };
}

const misfit = (problem: string): ReadAnswer<never> => ({ type: "misfit", problem });

const toProblem = ({ path, message }: z.core.$ZodIssue): string =>
  path.length > 0 ? `${path.join(".")}: ${message}` : message;

/** JSON, also between the fences that some models put around it; undefined when it is none. */
function parseJson(text: string): unknown {
  const bare = text
    .trim()
    .replace(/^```(?:json)?\s*/i, "")
    .replace(/\s*```$/, "");
  try {
    return JSON.parse(bare) as unknown;
  } catch {
    return undefined;
  }
}
