import { Command } from "commander";
import { ConfigError, readConfig } from "../config.ts";
import { explainStartFailure } from "../explain-start-failure.ts";
import { awaitGeneration } from "./await-generation.ts";
import { CommandError } from "./call-server.ts";
import { createProgressLine } from "./progress-line.ts";
import { printAnswer } from "./print-answer.ts";
import { readJson, readTopicFile } from "./read-input.ts";
import { toBudgetChange, type BudgetOptions } from "./to-budget-change.ts";
import { withServer, type ServerAccess } from "./with-server.ts";

/** Commander has checked that a required argument is there; an optional one that is missing comes as "". */
type Run = (
  server: ServerAccess,
  argument: string,
  /** Where a command that takes its time says how far it is. */
  tell: (line: string) => void,
  options: object,
) => Promise<unknown>;

type Flag = readonly [flags: string, description: string];

/** One command: its group ("" for none), its words, what it does, the call it makes, and its options. */
type Row = readonly [group: string, words: string, description: string, run: Run, flags?: readonly Flag[]];

const path = (start: string, id: string, end = ""): string => `${start}/${encodeURIComponent(id)}${end}`;
const setTopic =
  (active: boolean): Run =>
  ({ call }, id) =>
    call("PATCH", path("/api/admin/topics", id), { active });

const callBudget: Run = ({ call }, id, _tell, options: BudgetOptions) => {
  const change = toBudgetChange(options);
  const address = path("/api/admin/users", id, "/budget");
  return change === null ? call("GET", address) : call("PUT", address, change);
};

const COMMANDS: readonly Row[] = [
  ["", "token", "an operator's token for the API, good for 8 hours", async ({ token }) => ({ token })],
  ["", "rooms", "rooms of all kinds, fullest first", ({ call }) => call("GET", "/api/admin/rooms?limit=200")],
  ["", "errors", "errors by kind, the page's among them", ({ call }) => call("GET", "/api/admin/errors")],
  ["", "process", "how the process is doing", ({ call }) => call("GET", "/api/admin/process")],
  [
    "",
    "engagement",
    "what audiences do, and how many come back",
    ({ call }) => call("GET", "/api/admin/engagement"),
  ],
  [
    "",
    "usage [month]",
    'what models cost the server in a month, as "2026-11"; this one unless said',
    ({ call }, month) => call("GET", `/api/admin/usage${month && `?month=${encodeURIComponent(month)}`}`),
  ],
  [
    "",
    "experiments [id]",
    "all experiments, or the results of one by arm",
    ({ call }, id) => call("GET", id === "" ? "/api/admin/experiments" : path("/api/admin/experiments", id)),
  ],
  ["pool", "status", "health figures and alerts", ({ call }) => call("GET", "/api/admin/pool")],
  [
    "pool",
    "history [hours]",
    "the figures of the last hours, in at most 24 samples, and the topics covered",
    ({ call }, hours) => call("GET", `/api/admin/pool/history?points=24&hours=${Number(hours || 24)}`),
  ],
  [
    "pool",
    "coverage [hours]",
    "active conversations by topic and difficulty, in at most 12 of the last hours",
    ({ call }, hours) => call("GET", `/api/admin/pool/coverage?points=12&hours=${Number(hours || 168)}`),
  ],
  [
    "pool",
    "generate [count]",
    "write more conversations now, and wait for them",
    ({ call }, count, tell) => awaitGeneration(call, Number(count || 100), tell),
  ],
  [
    "pool",
    "jobs",
    "the writing that was asked for lately, and how it goes",
    ({ call }) => call("GET", "/api/admin/pool/generate"),
  ],
  [
    "pool",
    "sample [count]",
    "the newest conversations, to be read",
    ({ call }, count) => call("GET", `/api/admin/pool/conversations?limit=${Number(count || 30)}`),
  ],
  [
    "pool",
    "show <id>",
    "one conversation",
    ({ call }, id) => call("GET", path("/api/admin/pool/conversations", id)),
  ],
  [
    "pool",
    "remove <id>",
    "take a conversation out of the pool",
    ({ call }, id) => call("DELETE", path("/api/admin/pool/conversations", id)),
  ],
  ["topics", "list", "all topics, newest first", ({ call }) => call("GET", "/api/admin/topics?limit=200")],
  ["topics", "add <text>", "add a topic", ({ call }, text) => call("POST", "/api/admin/topics", { text })],
  [
    "topics",
    "import <file>",
    "import topics from a JSON list, or an RSS or Atom file",
    ({ call }, file) => call("POST", "/api/admin/topics/import", readTopicFile(file)),
  ],
  ["topics", "disable <id>", "take a topic out of use", setTopic(false)],
  ["topics", "enable <id>", "take a topic into use again", setTopic(true)],
  [
    "topics",
    "remove <id>",
    "remove an imported topic",
    ({ call }, id) => call("DELETE", path("/api/admin/topics", id)),
  ],
  ["users", "list", "users, newest first", ({ call }) => call("GET", "/api/admin/users?limit=200")],
  [
    "users",
    "find <name>",
    "users by words of their name",
    ({ call }, name) => call("GET", `/api/admin/users?name=${encodeURIComponent(name)}`),
  ],
  ["users", "show <id>", "one user", ({ call }, id) => call("GET", path("/api/admin/users", id))],
  [
    "users",
    "revoke <id>",
    "refuse all tokens a user holds now",
    ({ call }, id) => call("POST", path("/api/admin/users", id, "/revoke")),
  ],
  [
    "users",
    "budget <id>",
    'what a user may spend on models; "system" is the server itself',
    callBudget,
    [
      ["--monthly-usd <amount>", 'the month\'s limit; "default" for what is usual'],
      ["--prepaid-usd <amount>", "all that was ever paid in"],
      ["--suspend", "ask no model for this user any more"],
      ["--lift", "take a suspension back"],
    ],
  ],
  [
    "users",
    "import <file>",
    "import users' chatling collections from a JSON file",
    ({ call }, file) => call("POST", "/api/admin/chatlings/import", readJson(file)),
  ],
];

const GROUPS: Readonly<Record<string, string>> = {
  pool: "the conversation pool",
  topics: "what is talked about",
  users: "people and their collections",
};

function createProgram(): Command {
  const program = new Command("npm run admin --");
  program.description("Calls the running server of DATA_DIR; when none runs, works on its store directly.");
  program.option("--json", "print the answer as JSON");
  const groups = new Map([["", program]]);
  for (const [name, description] of Object.entries(GROUPS)) {
    groups.set(name, program.command(name).description(description));
  }
  for (const [group, words, description, run, flags = []] of COMMANDS) {
    const command = groups.get(group)?.command(words).description(description);
    for (const [flag, meaning] of flags) command?.option(flag, meaning);
    command?.option("--json", "print the answer as JSON").action(async (...values: unknown[]) => {
      const command = values.at(-1) as Command;
      const options = command.optsWithGlobals<{ json?: boolean }>();
      const isJson = options.json === true;
      const progress = createProgressLine(process.stderr, !isJson);
      const answer = await withServer(readConfig(process.env), (server) =>
        run(server, typeof values[0] === "string" ? values[0] : "", progress.show, options),
      ).finally(progress.end);
      printAnswer(answer, isJson);
    });
  }
  return program;
}

try {
  await createProgram().parseAsync();
} catch (error) {
  const known = error instanceof CommandError || error instanceof ConfigError;
  process.stderr.write(`${known ? error.message : explainStartFailure(error)}\n`);
  process.exitCode = 1;
}
// A command's own server leaves timers of its libraries behind.
process.exit();
