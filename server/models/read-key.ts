import { readFileSync } from "node:fs";
import type { Clock } from "#ai/clock.ts";
import { ConfigError } from "../config.ts";
import { ApiKey } from "../config/models.ts";

/** How old what is known of the file may be. */
const LOOK_EVERY_MS = 1_000;

interface KeyReaderDeps {
  /** The variable that names the file. */
  readonly variable: string;
  readonly keyFile: string;
  readonly clock: Clock;
  /** Another key is in use from now on. */
  readonly onChange: () => void;
  /** The file gives no key any more, and why; told once until it does again. */
  readonly onError: (reason: string) => void;
}

/**
 * Gives the key in a file, as it was at most a second ago. A file that vanishes or holds no key leaves the last good one
 * in use. The file is read and not only looked at: it takes 5 µs, and a file's time and size may stay when a key changes.
 * @throws ConfigError when there is no key to begin with
 */
export function createKeyReader({
  variable,
  keyFile,
  clock,
  onChange,
  onError,
}: KeyReaderDeps): () => string {
  const first = look(keyFile);
  if ("reason" in first)
    throw new ConfigError(`${variable}: no key can be read from that file (${first.reason})`);
  let { key } = first;
  let lookedAtMs = clock.nowMs();
  let isLost = false;

  const lookAgain = () => {
    const found = look(keyFile);
    if ("reason" in found) {
      if (!isLost) onError(found.reason);
      isLost = true;
      return;
    }
    isLost = false;
    if (found.key === key) return;
    key = found.key;
    onChange();
  };

  return () => {
    const nowMs = clock.nowMs();
    // A clock that was set back must not keep an old key in use.
    if (Math.abs(nowMs - lookedAtMs) >= LOOK_EVERY_MS) {
      lookedAtMs = nowMs;
      lookAgain();
    }
    return key;
  };
}

/** The key in a file, or why there is none, in words that quote nothing of it. */
function look(keyFile: string): { readonly key: string } | { readonly reason: string } {
  try {
    const read = ApiKey.safeParse(readFileSync(keyFile, "utf8"));
    return read.success ? { key: read.data } : { reason: "it does not hold one word of plain characters" };
  } catch (error) {
    return { reason: (error as NodeJS.ErrnoException).code ?? "unknown error" };
  }
}
