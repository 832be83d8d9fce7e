import * as z from "zod/mini";
import { ARCHETYPES, DIFFICULTIES, LINE_SENTIMENTS, OVERALL_SENTIMENTS } from "#schema/vocabulary.ts";
import { defineTask, toPlainPrompt, type Scope } from "../task.ts";
import type { Dialogue, DialogueRequest } from "./dialogue.ts";

const Input: z.ZodMiniType<DialogueRequest> = z.object({
  topic: z.object({
    id: z.string(),
    text: z.string(),
    category: z.string(),
    sentiment: z.enum(OVERALL_SENTIMENTS),
    material: z.optional(z.any()),
  }),
  roles: z.array(z.object({ slot: z.number(), archetype: z.enum(ARCHETYPES) })),
  difficulty: z.enum(DIFFICULTIES),
});

const Output = z.object({
  messages: z
    .array(z.object({ slot: z.number(), text: z.string(), sentiment: z.enum(LINE_SENTIMENTS) }))
    .check(z.minLength(1)),
});

const writeLines = ({ topic, roles }: DialogueRequest, scope: Scope): Dialogue => ({
  messages: roles.map(({ slot, archetype }) => ({
    slot,
    text: `${archetype} on ${topic.text}: ${Math.floor(scope.rng() * 1000)}`,
    sentiment: scope.rng() < 0.5 ? "positive" : "negative",
  })),
});

/** A dialogue task for tests whose writer does what the test wants; by default a line for each role. */
export function createScriptedDialogue(
  write: (request: DialogueRequest, scope: Scope) => Dialogue | Promise<Dialogue> = writeLines,
) {
  return defineTask({
    name: "scripted-dialogue",
    input: Input,
    output: Output,
    prompt: () => toPlainPrompt("", ""),
    writeOffline: write,
  });
}

export { writeLines };
