import { ExperimentResults } from "#schema/experiments.ts";
import { StoredConversation } from "#schema/stored/conversation.ts";
import { toExperimentTable } from "#client-sdk/desk/panels/to-experiment-table.ts";

/**
 * Prints an answer for a program (`json`) or a person: tables for lists, scripts for conversations, and an experiment
 * as the desk shows it.
 */
export function printAnswer(answer: unknown, json: boolean): void {
  if (json) return print(JSON.stringify(answer));
  if (answer === null || answer === undefined) return print("done");
  const items = (answer as { items?: unknown }).items;
  if (!Array.isArray(items)) return printOne(answer);
  if (items.length === 0) return print("none");
  if (StoredConversation.safeParse(items[0]).success) return items.forEach(printOne);
  printTable(items);
}

function printOne(value: unknown): void {
  const conversation = StoredConversation.safeParse(value);
  if (conversation.success) return print(toScript(conversation.data));
  const experiment = ExperimentResults.safeParse(value);
  if (experiment.success) return printExperiment(experiment.data);
  for (const [key, entry] of Object.entries(value as Record<string, unknown>)) {
    if (Array.isArray(entry) && entry.length === 0) print(`${key}: none`);
    else if (Array.isArray(entry) && typeof entry[0] === "object") {
      print(`${key}:`);
      printTable(entry);
    } else print(`${key}: ${typeof entry === "string" ? entry : JSON.stringify(entry)}`);
  }
}

function printExperiment(experiment: ExperimentResults): void {
  const { id, question, isOn, share, days, minimum } = experiment;
  printOne({ id, question, isOn, share, days, minimum });
  const { columns, rows } = toExperimentTable(experiment);
  printTable(rows.map((row) => Object.fromEntries(columns.map((name, index) => [name, row[index]]))));
}

function printTable(rows: readonly unknown[]): void {
  console.table(rows.map((row) => flatten(row as Record<string, unknown>)));
}

/** Objects within a row become columns of their own, lists words in one, and times such as people read. */
function flatten(row: Readonly<Record<string, unknown>>, prefix = ""): Record<string, unknown> {
  const columns: Record<string, unknown> = {};
  for (const [key, value] of Object.entries(row)) {
    const name = `${prefix}${key}`;
    if (Array.isArray(value)) columns[name] = value.map(toWord).join(" ");
    else if (typeof value === "object" && value !== null) {
      Object.assign(columns, flatten(value as Record<string, unknown>, `${name}.`));
    } else columns[name] = isMoment(key, value) ? new Date(value).toISOString() : value;
  }
  return columns;
}

/** Things with a name are called by it. */
const toWord = (item: unknown): unknown =>
  typeof item === "object" && item !== null ? ((item as { id?: unknown }).id ?? JSON.stringify(item)) : item;

/** Moments in Unix time are called `atMs`, `sinceMs` or `…AtMs`, `…SeenMs`, and are no durations. */
const isMoment = (key: string, value: unknown): value is number =>
  typeof value === "number" && value > 1e12 && /(?:^at|^since|At|Seen)Ms$/.test(key);

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
