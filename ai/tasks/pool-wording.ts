import { defineTask } from "../task.ts";
import { AskedDialogue, PoolDialogueOutput, PoolOrder } from "./pool-order.ts";
import { ANSWER_SHAPE, LINE_RULES, toPoolPrompt, toTopicText, toUntagged, VOICES } from "./pool-prompt.ts";
import type * as z from "zod";

/** An order together with what the offline writer made of it. */
const WordingOrder = PoolOrder.extend({ draft: PoolDialogueOutput.shape.messages });
type WordingOrder = z.infer<typeof WordingOrder>;

const RULES = `You reword short group chats between small collectible creatures ("chatlings") for a game that people of all ages watch. The draft was put together from patterns: its plan is good, its words are stiff.

${ANSWER_SHAPE}

Rules
- One message for each line of the draft, by the same slot, in the same order. None is added, left out, joined or split.
- Each does what its line does: a question asks the same, an answer gives the same answer, who agrees still agrees, a joke stays a joke. Whoever is named as {slot:N} stays named so.
- The words are new: the way this speaker would really say it, about as long, following from the line before. Change more than single words. Add no facts, accuse nobody, make no claims about real people.
${LINE_RULES}

${VOICES}`;

function toOrderText(order: WordingOrder): string {
  const speakers = order.roles.map(({ slot, archetype }) => `slot ${slot} is the ${archetype}`);
  const lines = order.draft.map(({ slot, text, sentiment }) =>
    JSON.stringify({ slot, text: toSpoken(toUntagged(text)), sentiment }),
  );
  return [
    toTopicText(order),
    ...(order.topic.material?.sober ? ["Tone: sober, no jokes."] : []),
    `Speakers: ${speakers.join(", ")}.`,
    `<draft>\n${lines.join("\n")}\n</draft>`,
  ].join("\n");
}

/** What is said of a line, without its "*small wave*": a model told to write no gestures would copy them. */
function toSpoken(text: string): string {
  return text.replaceAll(/\s*\*[^*]*\*\s*/g, " ").trim() || text.replaceAll("*", "");
}

/** The offline writer's conversation in words of a model's: who says what in which order stays as it is. */
export const poolWording = defineTask({
  name: "pool-wording",
  input: WordingOrder,
  output: PoolDialogueOutput,
  asked: AskedDialogue,
  answers: ({ draft }, { messages }) =>
    messages.length === draft.length && messages.every(({ slot }, at) => slot === draft[at]?.slot),
  prompt: (order) => toPoolPrompt("pool-wording", RULES, toOrderText(order)),
  writeOffline: ({ draft }) => ({ messages: draft }),
});
