import { randomBytes } from "node:crypto";
import { linkSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import { ConfigError, type Config } from "./config.ts";

export interface Secrets {
  readonly jwtSecret: Uint8Array;
  readonly adminPassword: string;
  readonly dataKey: Buffer;
  /** Names of the secrets this server made for itself, now or on an earlier start. */
  readonly selfMade: readonly string[];
}

const KeyFile = z.object({ jwtSecret: z.string(), adminPassword: z.string(), dataKey: z.string() });

/**
 * The secrets of the configuration, completed by ones made on first start and kept in `keys.json`
 * (mode 0600) under the data folder.
 * @throws ConfigError when the file cannot be read, written or understood
 */
export function readSecrets(config: Config): Secrets {
  const given = config.secrets;
  const selfMade = [
    ...(given.jwtSecret ? [] : ["JWT_SECRET"]),
    ...(given.adminPassword ? [] : ["ADMIN_PASSWORD"]),
    ...(given.dataKey ? [] : ["DATA_KEY"]),
  ];
  const made = selfMade.length > 0 ? readOrMakeKeys(config.dataDir) : undefined;
  return {
    jwtSecret: new TextEncoder().encode(given.jwtSecret ?? made?.jwtSecret),
    adminPassword: given.adminPassword ?? made?.adminPassword ?? "",
    dataKey: Buffer.from(given.dataKey ?? made?.dataKey ?? "", "hex"),
    selfMade,
  };
}

function readOrMakeKeys(dataDir: string): z.infer<typeof KeyFile> {
  if (dataDir === ":memory:") return makeKeys();
  const path = join(dataDir, "keys.json");
  try {
    return KeyFile.parse(JSON.parse(readFileSync(path, "utf8")));
  } catch (cause) {
    const code = errnoOf(cause);
    if (code && code !== "ENOENT")
      throw new ConfigError(`DATA_DIR: ${path} cannot be read (${code})`, { cause });
    if (!code) {
      throw new ConfigError(
        `${path} cannot be used; restore it from a backup (without it sealed data is unreadable)`,
        {
          cause,
        },
      );
    }
  }
  const keys = makeKeys();
  const draft = `${path}.${process.pid}`;
  try {
    mkdirSync(dataDir, { recursive: true, mode: 0o700 });
    writeFileSync(draft, `${JSON.stringify(keys, null, 2)}\n`, { mode: 0o600, flush: true });
    // A link appears whole or not at all, and never over another first start's keys.
    linkSync(draft, path);
  } catch (cause) {
    if (errnoOf(cause) === "EEXIST") return readOrMakeKeys(dataDir);
    throw new ConfigError(`DATA_DIR: ${path} cannot be written (${errnoOf(cause) ?? "unknown error"})`, {
      cause,
    });
  } finally {
    rmSync(draft, { force: true });
  }
  return keys;
}

function makeKeys(): z.infer<typeof KeyFile> {
  return {
    jwtSecret: randomBytes(32).toString("base64url"),
    adminPassword: randomBytes(15).toString("base64url"),
    dataKey: randomBytes(32).toString("hex"),
  };
}

const errnoOf = (error: unknown): string | undefined => (error as NodeJS.ErrnoException).code;
