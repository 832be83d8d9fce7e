import { execFile } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { ExperimentCard } from "#schema/experiments.ts";
import { sampleConversation } from "#rooms/chatroom/testing/sample-conversation.ts";
import { COMPILE_CACHE } from "../testing/compile-cache.ts";
import { openTestServer, type TestServer } from "../testing/open-test-server.ts";
import { runningServerFile, type RunningServer } from "./call-server.ts";

const run = promisify(execFile);
const ADMIN = fileURLToPath(new URL("./admin.ts", import.meta.url));

describe("operator commands with no server running", () => {
  let folder: string;
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), "parley-admin-"));
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  const admin = (...words: string[]) =>
    run(process.execPath, [ADMIN, ...words], {
      env: { ...process.env, ...COMPILE_CACHE, DATA_DIR: join(folder, "data"), INIT_CWD: folder },
    });

  it("work on the store, and what one wrote the next one finds", async () => {
    writeFileSync(join(folder, "topics.json"), JSON.stringify(["Singing pebbles", { text: "Late trains" }]));
    const imported = await admin("topics", "import", "topics.json", "--json");
    expect(JSON.parse(imported.stdout)).toEqual({ inserted: 2, existing: 0 });
    const again = await admin("topics", "import", "topics.json", "--json");
    expect(JSON.parse(again.stdout)).toEqual({ inserted: 0, existing: 2 });
  });

  it("wait for conversations that are to be written, and say how far that is unless asked for JSON", async () => {
    const told = await admin("pool", "generate", "3");
    expect(told.stderr).toMatch(/^3 of 3 written$/m);
    expect(told.stdout).toMatch(/^status: done$/m);
    const asked = await admin("pool", "generate", "2", "--json");
    expect(JSON.parse(asked.stdout)).toMatchObject({ status: "done", wanted: 2, written: 2, failed: 0 });
    expect(asked.stderr).toBe("");
  });

  it("fail with one line that says why", async () => {
    const failure = (words: string[]) =>
      admin(...words).then(
        () => null,
        ({ code, stderr }: { code: number; stderr: string }) => ({ code, lines: stderr.trim().split("\n") }),
      );
    expect(await failure(["topics", "import", "missing.json"])).toEqual({
      code: 1,
      lines: ["missing.json cannot be read"],
    });
    expect(await failure(["users", "revoke", "nobody"])).toEqual({
      code: 1,
      lines: ["not-found: There is no such user."],
    });
  });
});

describe("operator commands with a server running", () => {
  let folder: string;
  let server: TestServer;
  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), "parley-admin-"));
    server = await openTestServer({ env: { DATA_DIR: folder }, conversations: [sampleConversation("c1")] });
    const running: RunningServer = { url: server.url, token: await server.operator(), pid: process.pid };
    writeFileSync(runningServerFile(folder), JSON.stringify(running));
  });
  afterAll(async () => {
    await server.close();
    rmSync(folder, { recursive: true, force: true });
  });

  const ask = async (words: string): Promise<string> =>
    (
      await run(process.execPath, [ADMIN, ...words.split(" ")], {
        env: { ...process.env, ...COMPILE_CACHE, DATA_DIR: folder },
      })
    ).stdout;

  it("ask it, and print what it answers", async () => {
    const { id } = await server.guest("Ottoline");
    const room = await server.join((await server.guest()).token);
    const answers = ["rooms", "errors", "engagement", `users show ${id}`].map(async (words) =>
      JSON.parse(await ask(`${words} --json`)),
    );
    const [rooms, errors, engagement, user] = await Promise.all(answers);
    expect(rooms.items).toMatchObject([{ roomId: room.roomId, kind: "chatroom", viewers: 1 }]);
    expect(Object.keys(errors)).toEqual(["sinceMs", "server", "client", "forgotten", "loads"]);
    expect(engagement.days).toMatchObject([{ viewers: 1 }]);
    expect(user).toMatchObject({ id, name: "Ottoline", chatlings: 5 });
  });

  it("print lists as tables, and times as people read them", async () => {
    const history = await ask("pool history 2");
    expect(history).toMatch(/coverage_by_difficulty\.simple/);
    expect(history).toMatch(/\d{4}-\d\d-\d\dT\d\d:\d\d/);
    expect(await ask("process")).toMatch(/^store: sqlite$/m);
  });

  it("tell what models cost, and set what a user may spend", async () => {
    const { id } = await server.guest("Ottoline");
    const budget = async (words = "") => JSON.parse(await ask(`users budget ${id}${words} --json`));
    expect(JSON.parse(await ask("usage 2026-10 --json"))).toMatchObject({ month: "2026-10", calls: 0 });
    expect(await ask("usage")).toMatch(/^spentUsd: 0$/m);
    expect(await budget()).toMatchObject({ monthlyUsd: null, prepaidUsd: 0, suspended: false });
    expect(await budget(" --monthly-usd 2.5 --prepaid-usd 10 --suspend")).toMatchObject({
      monthlyUsd: 2.5,
      prepaidUsd: 10,
      suspended: true,
    });
    expect(await budget(" --monthly-usd default --lift")).toMatchObject({
      monthlyUsd: null,
      prepaidUsd: 10,
      suspended: false,
    });
  });

  it("show experiments, and the results of one as a table by arm", async () => {
    const { items } = JSON.parse(await ask("experiments --json"));
    const [{ id, arms }] = items as ExperimentCard[] as [ExperimentCard];
    expect(await ask("experiments")).toContain(arms.map((arm) => arm.id).join(" "));
    expect(JSON.parse(await ask(`experiments ${id} --json`))).toMatchObject({ id, days: 28 });
    const shown = await ask(`experiments ${id}`);
    expect(shown).toMatch(/Watched to the end.*too few/);
    expect(shown).toContain(`${arms[1]?.id} against ${arms[0]?.id}`);
  });
});
