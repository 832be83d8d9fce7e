import { execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { build } from "esbuild";
import { publint } from "publint";
import { formatMessage } from "publint/utils";
import { afterAll, beforeAll, expect, test } from "vitest";
import { sampleConversation } from "#rooms/chatroom/testing/sample-conversation.ts";
import { openTestServer, type TestServer } from "#server/testing/open-test-server.ts";
import { toApiReference } from "./package/to-api-reference.ts";
import { installPackage, lendPackages, type InstalledPackage } from "./testing/install-package.ts";

const run = promisify(execFile);
const bin = (name: string) => fileURLToPath(new URL(`../node_modules/.bin/${name}`, import.meta.url));
const read = (path: string) => readFile(new URL(path, import.meta.url), "utf8");

let installed: InstalledPackage;
let server: TestServer;

beforeAll(async () => {
  const conversations = ["a", "b", "c"].map((id) => sampleConversation(id, { lines: 40 }));
  const env = { PLAYBACK_SPEED: "20" };
  [installed, server] = await Promise.all([installPackage(), openTestServer({ conversations, env })]);
}, 120_000);
afterAll(() => Promise.all([installed?.remove(), server?.close()]));

test("the package holds the client and nothing of the server", async () => {
  expect([...installed.packed].sort()).toEqual([
    "API.md",
    "LICENSE",
    "README.md",
    "THIRD-PARTY-NOTICES.md",
    "examples/node.js",
    "examples/page.html",
    "examples/react.jsx",
    "examples/ten-lines.js",
    "index.d.ts",
    "index.js",
    "package.json",
    "react.d.ts",
    "react.js",
  ]);
  expect(installed.report).toMatch(/^index\.js {2}gzip \d+\.\d KiB$/m);
  expect(installed.report).toMatch(/bundled in are (@colyseus\/(schema|sdk|shared-types)|msgpackr|, )+\n/);
});

test("publint finds nothing to say", async () => {
  const { messages, pkg } = await publint({ pkgDir: installed.built, strict: true, pack: "npm" });
  expect(messages.map((message) => formatMessage(message, pkg))).toEqual([]);
});

test("attw finds only that CommonJS has to import() an ES module", async () => {
  const options = ["--format", "json", "--ignore-rules", "cjs-resolves-to-esm"];
  const { stdout } = await run(bin("attw"), [installed.tarball, ...options]);
  const { analysis, problems } = JSON.parse(stdout) as { analysis: { types: unknown }; problems: object };
  expect(analysis.types).toMatchObject({ kind: "included" });
  expect(Object.keys(problems)).toEqual(["CJSResolvesToESM"]);
});

const STRICT_PROGRAM = `
import { createClient, createMemoryTokenStore, DIFFICULTIES, ParleyError } from "@parley/client";
import type { Chatling, ChatroomLine, ChatroomSnapshot, ClientOptions, Difficulty } from "@parley/client";
import { useChatroom } from "@parley/client/react";

const options: ClientOptions = { url: "http://localhost", tokenStore: createMemoryTokenStore() };
const client = createClient(options);
const hardest: Difficulty | undefined = DIFFICULTIES.at(-1);
export async function visit(signal: AbortSignal): Promise<string[]> {
  const session = await client.chatrooms.join({ difficulty: "complex", signal });
  session.subscribe((snapshot: ChatroomSnapshot) => console.log(snapshot.viewers, hardest));
  const said: string[] = [];
  for await (const line of session) said.push(say(line));
  // @ts-expect-error not one of the eight emoji
  session.react(0, "🦄");
  // @ts-expect-error no such difficulty
  await client.chatrooms.join({ difficulty: "easy" });
  const chatling: Chatling = await client.chatlings.create({ name: "Pip", personality: "brave" });
  // @ts-expect-error traits are derived
  await client.chatlings.change(chatling.id, { traits: [] });
  // @ts-expect-error a list of creatures is not text
  const text: string = await client.chatlings.list();
  return [...said, text, chatling.rarity === "legendary" ? "!" : ""];
}
const say = ({ speaker, text }: ChatroomLine): string => speaker.name + text;
export const codeOf = (error: unknown): string => (error instanceof ParleyError ? error.code : "");
export const View = (): string | undefined => useChatroom(client, {}).snapshot?.cast[0]?.name;
`;

function toConfig(files: readonly string[], more: object): string {
  const compilerOptions = {
    target: "es2023",
    module: "nodenext",
    lib: ["es2023", "dom", "dom.iterable", "esnext.disposable"],
    jsx: "react-jsx",
    noEmit: true,
    strict: true,
    noUncheckedIndexedAccess: true,
    exactOptionalPropertyTypes: true,
    allowJs: true,
    checkJs: true,
    ...more,
  };
  return JSON.stringify({ compilerOptions, files });
}

async function typeCheck(files: readonly string[], more: object): Promise<string> {
  await writeFile(join(installed.project, "tsconfig.json"), toConfig(files, more));
  return run(bin("tsc"), ["-p", "."], { cwd: installed.project }).then(
    ({ stdout }) => stdout,
    (error: { stdout: string }) => error.stdout,
  );
}

test("a strict program type-checks with nothing else installed, and its mistakes are found", async () => {
  await writeFile(join(installed.project, "strict.ts"), STRICT_PROGRAM);
  expect(await typeCheck(["strict.ts"], { types: [], skipLibCheck: false })).toBe("");
});

test("the examples type-check and bundle", async () => {
  await lendPackages(installed.project, ["react", "react-dom", "scheduler", "csstype", "undici-types"]);
  await lendPackages(installed.project, ["@types/react", "@types/react-dom", "@types/node"]);
  const examples = ["ten-lines.js", "node.js", "react.jsx"];
  for (const name of examples) await installed.example(name, server.url);
  expect(await typeCheck(examples, { types: ["node"], skipLibCheck: true })).toBe("");
  const { warnings, outputFiles } = await build({
    absWorkingDir: installed.project,
    entryPoints: ["react.jsx"],
    bundle: true,
    jsx: "automatic",
    format: "esm",
    write: false,
  });
  expect(warnings).toEqual([]);
  expect(outputFiles[0]?.text).toContain("Finding a conversation");
});

/** Runs an example until `lines` have been printed, then interrupts it. */
async function runExample(name: string, lines: number, signal: NodeJS.Signals) {
  const child = spawn(process.execPath, [await installed.example(name, server.url)]);
  const closed = once(child, "close") as Promise<[number | null, string | null]>;
  let complaints = "";
  child.stderr.on("data", (text: Buffer) => (complaints += text.toString()));
  const printed: string[] = [];
  for await (const line of createInterface({ input: child.stdout })) {
    if (printed.push(line) === lines) child.kill(signal);
  }
  const [code] = await closed;
  return { printed, code, complaints };
}

test("the ten lines of the README print a live conversation in Node", async () => {
  const { printed, complaints } = await runExample("ten-lines.js", 4, "SIGKILL");
  expect(complaints).toBe("");
  expect(printed[0]).toMatch(/^About topic-of-/);
  expect(printed.slice(1, 4)).toEqual(
    [0, 1, 2].map((order) => expect.stringMatching(`^.+: Line ${order} of `)),
  );
});

test("the Node example is the same person again, and leaves when it is interrupted", async () => {
  const first = await runExample("node.js", 2, "SIGINT");
  const token = await readFile(join(installed.project, ".parley-token"), "utf8");
  const second = await runExample("node.js", 2, "SIGINT");
  expect([first.code, first.complaints, second.code, second.complaints]).toEqual([0, "", 0, ""]);
  expect(await readFile(join(installed.project, ".parley-token"), "utf8")).toBe(token);
});

test("the README shows the examples as they are run", async () => {
  const readme = await read("./README.md");
  const tenLines = await read("./examples/ten-lines.js");
  expect(tenLines.trim().split("\n")).toHaveLength(10);
  expect(readme).toContain(`\`\`\`js\n${tenLines}\`\`\`\n`);
  for (const name of ["node.js", "page.html", "react.jsx"]) expect(readme).toContain(`(examples/${name})`);
});

test("API.md says what the declarations say (else: node client-sdk/build-api-reference.ts)", async () => {
  const declarations = await Promise.all(
    ["index", "react"].map(async (entry) => {
      const text = await readFile(join(installed.built, `${entry}.d.ts`), "utf8");
      return [entry, text] as const;
    }),
  );
  expect(await read("./API.md")).toBe(toApiReference(new Map(declarations)));
});
