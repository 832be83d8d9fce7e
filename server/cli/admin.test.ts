import { execFile } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

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
      env: { ...process.env, DATA_DIR: join(folder, "data"), INIT_CWD: folder },
    });

  it("work on the store, and what one wrote the next one finds", async () => {
    writeFileSync(join(folder, "topics.json"), JSON.stringify(["Singing pebbles", { text: "Late trains" }]));
    const imported = await admin("topics", "import", "topics.json", "--json");
    expect(JSON.parse(imported.stdout)).toEqual({ inserted: 2, existing: 0 });
    const again = await admin("topics", "import", "topics.json", "--json");
    expect(JSON.parse(again.stdout)).toEqual({ inserted: 0, existing: 2 });
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
