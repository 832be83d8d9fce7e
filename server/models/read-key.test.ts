import { mkdtempSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { createFakeClock } from "#ai/fake-clock.ts";
import { ConfigError } from "../config.ts";
import { createKeyReader } from "./read-key.ts";

describe("a key read from a file", () => {
  let folder: string;
  let keyFile: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "parley-key-"));
    keyFile = join(folder, "key");
    writeFileSync(keyFile, "key-1\n");
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  const open = (file = keyFile) => {
    const clock = createFakeClock();
    const told: string[] = [];
    const readKey = createKeyReader({
      variable: "GROQ_API_KEY_FILE",
      keyFile: file,
      clock,
      onChange: () => told.push("changed"),
      onError: (reason) => told.push(reason),
    });
    return { clock, told, readKey };
  };

  it("is trimmed, and looked for again after a second and not before", async () => {
    const { clock, told, readKey } = open();
    writeFileSync(keyFile, "key-2\r\n");
    await clock.advance(999);
    expect(readKey()).toBe("key-1");
    await clock.advance(1);
    expect([readKey(), readKey()]).toEqual(["key-2", "key-2"]);
    expect(told).toEqual(["changed"]);
  });

  it("is found in a file that took the other's place, as mounted secrets do", async () => {
    const { clock, readKey } = open();
    writeFileSync(join(folder, "next"), "key-2");
    renameSync(join(folder, "next"), keyFile);
    await clock.advance(1_000);
    expect(readKey()).toBe("key-2");
  });

  it("is found again when the clock was set back", async () => {
    const { clock, readKey } = open();
    const earlierMs = clock.nowMs() - 3_600_000;
    clock.nowMs = () => earlierMs;
    writeFileSync(keyFile, "key-2");
    expect(readKey()).toBe("key-2");
  });

  it("stays in use when its file vanishes, empties or fills with something else, which is told once", async () => {
    const { clock, told, readKey } = open();
    const keys: string[] = [];
    const lookAgain = async () => {
      await clock.advance(1_000);
      keys.push(readKey());
    };
    rmSync(keyFile);
    await lookAgain();
    await lookAgain();
    writeFileSync(keyFile, "\n");
    await lookAgain();
    expect(told).toEqual(["ENOENT"]);
    writeFileSync(keyFile, "key-1");
    await lookAgain();
    writeFileSync(keyFile, "two words");
    await lookAgain();
    expect(told).toEqual(["ENOENT", "it does not hold one word of plain characters"]);
    expect(new Set(keys)).toEqual(new Set(["key-1"]));
  });

  it("has to be there at the start, or the variable is named and nothing of the file", () => {
    expect(() => open(join(folder, "none"))).toThrow(ConfigError);
    expect(() => open(join(folder, "none"))).toThrow(/^GROQ_API_KEY_FILE: .*ENOENT/);
    expect(() => open(folder)).toThrow(/^GROQ_API_KEY_FILE: .*EISDIR/);
    writeFileSync(keyFile, "a secret");
    expect(() => open()).toThrow(/^GROQ_API_KEY_FILE: (?!.*secret)/);
  });
});
