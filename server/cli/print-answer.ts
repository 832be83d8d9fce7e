import { StoredConversation } from "#schema/stored/conversation.ts";

/** Prints an answer for a program (`json`) or a person: tables for lists, scripts for conversations. */
export function printAnswer(answer: unknown, json: boolean): void {
  if (json) return print(JSON.stringify(answer));
  if (answer === null || answer === undefined) return print("done");
  const items = (answer as { items?: unknown }).items;
  if (!Array.isArray(items)) return printOne(answer);
  if (items.length === 0) return print("none");
  if (StoredConversation.safeParse(items[0]).success) return items.forEach(printOne);
  console.table(items);
}

function printOne(value: unknown): void {
  const conversation = StoredConversation.safeParse(value);
  if (conversation.success) return print(toScript(conversation.data));
  for (const [key, entry] of Object.entries(value as Record<string, unknown>)) {
    print(`${key}: ${typeof entry === "string" ? entry : JSON.stringify(entry)}`);
  }
}

/** A conversation as one reads a play; speakers are called by their archetypes. */
function toScript({
  id,
  topicText,
  difficulty,
  overallSentiment,
  roles,
  messages,
}: StoredConversation): string {
  const nameOf = (slot: number): string =>
    roles.find((role) => role.slot === slot)?.archetype ?? `slot ${slot}`;
  const lines = messages.map(
    ({ slot, text }) =>
      `  ${nameOf(slot)}: ${text.replace(/\{slot:(\d)\}/g, (_, named: string) => `@${nameOf(Number(named))}`)}`,
  );
  return [`${topicText} (${difficulty}, ${overallSentiment}, ${id})`, ...lines, ""].join("\n");
}

const print = (text: string): void => void process.stdout.write(`${text}\n`);
