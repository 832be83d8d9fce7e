import * as z from "zod";
import { TopicMaterial } from "#schema/stored/topic.ts";
import {
  ARCHETYPES,
  DIFFICULTIES,
  LINE_SENTIMENTS,
  MAX_SLOTS,
  MIN_SLOTS,
  OVERALL_SENTIMENTS,
} from "#schema/vocabulary.ts";

/** Shapes of what is asked of whoever writes for the pool, and of what is given back. */

const slotNumber = z
  .int()
  .min(0)
  .max(MAX_SLOTS - 1);

const Role = z.object({ slot: slotNumber, archetype: z.enum(ARCHETYPES) });

export const PoolOrder = z.object({
  topic: z.object({
    id: z.string(),
    text: z.string().check(z.minLength(1)),
    category: z.string(),
    sentiment: z.enum(OVERALL_SENTIMENTS),
    material: z.optional(TopicMaterial),
  }),
  roles: z.array(Role).check(
    z.minLength(MIN_SLOTS),
    z.maxLength(MAX_SLOTS),
    z.refine((roles) => holdsEverySlot(roles), "slots must be 0, 1, 2, … without gaps"),
  ),
  difficulty: z.enum(DIFFICULTIES),
  /** Draws which of the topic's notes a model is given, so that another asking brings another talk. */
  draw: z.optional(z.string()),
});
export type PoolOrder = z.infer<typeof PoolOrder>;

const AskedMessage = z.object({
  slot: slotNumber,
  text: z.string().check(z.minLength(1), z.maxLength(500), z.regex(/\S/)),
  sentiment: z.enum(LINE_SENTIMENTS),
});

const Message = AskedMessage.extend({
  /** Of the offline writer: the key of its sentence pattern. */
  core: z.optional(z.string()),
});

/** What a model is asked for. */
export const AskedDialogue = z.object({ messages: z.array(AskedMessage) });

export const PoolDialogueOutput = z
  .object({ messages: z.array(Message).check(z.minLength(5), z.maxLength(12)) })
  .check(
    z.refine(({ messages }) => holdsEverySlot(messages), "every slot up to the highest must speak"),
    z.refine(({ messages }) => namesOnlySpeakers(messages), "a line names a slot that does not speak"),
  );

function holdsEverySlot(items: readonly { readonly slot: number }[]): boolean {
  const slots = new Set(items.map((item) => item.slot));
  return slots.size >= MIN_SLOTS && Math.max(...slots) === slots.size - 1;
}

/** Whether braces stand only around other speakers' slots, as in `{slot:2}`. */
export function namesOnlySpeakers(
  messages: readonly { readonly slot: number; readonly text: string }[],
): boolean {
  const slots = new Set(messages.map((message) => message.slot));
  return messages.every(({ slot, text }) => {
    const rest = text.replaceAll(/\{slot:(\d)\}/g, (whole, named: string) =>
      slots.has(Number(named)) && Number(named) !== slot ? "" : whole,
    );
    return !/[{}]/.test(rest);
  });
}
