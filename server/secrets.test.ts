import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { ConfigError, readConfig } from "./config.ts";
import { readSecrets } from "./secrets.ts";

describe("readSecrets", () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "parley-secrets-"));
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  it("makes the secrets on first start, for the owner's eyes only, and finds them again", () => {
    const config = readConfig({ DATA_DIR: join(folder, "data") });
    const first = readSecrets(config);
    expect(first.selfMade).toEqual(["JWT_SECRET", "ADMIN_PASSWORD", "DATA_KEY"]);
    expect(first.dataKey).toHaveLength(32);
    expect(first.jwtSecret.length).toBeGreaterThanOrEqual(32);
    expect(statSync(join(folder, "data", "keys.json")).mode & 0o777).toBe(0o600);
    expect(readdirSync(join(folder, "data"))).toEqual(["keys.json"]);
    expect(readSecrets(config)).toEqual(first);
  });

  it("prefers the given ones and writes no file when all are given", () => {
    const secrets = readSecrets(
      readConfig({
        DATA_DIR: folder,
        JWT_SECRET: "a-long-enough-secret",
        ADMIN_PASSWORD: "open sesame",
        DATA_KEY: "ab".repeat(32),
      }),
    );
    expect(secrets.selfMade).toEqual([]);
    expect(secrets.adminPassword).toBe("open sesame");
    expect(readdirSync(folder)).toEqual([]);
  });

  it("refuses a broken key file instead of replacing it, for the data sealed under it would be lost", () => {
    writeFileSync(join(folder, "keys.json"), '{ "jwtSecret": ');
    expect(() => readSecrets(readConfig({ DATA_DIR: folder }))).toThrow(ConfigError);
    expect(readFileSync(join(folder, "keys.json"), "utf8")).toBe('{ "jwtSecret": ');
  });
});
