import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { parse } from "yaml";
import * as z from "zod/mini";

/** A content file that a writer has to mend; the message names the file and each fault in it. */
export class InvalidContentError extends Error {
  readonly file: string;
  constructor(file: string, faults: readonly string[], cause?: unknown) {
    super(`${file}: ${faults.join("; ")}`, { cause });
    this.name = "InvalidContentError";
    this.file = file;
  }
}

/** The value of a YAML text that fits `shape`. @throws InvalidContentError naming `file` and every fault. */
export function parseContent<T>(file: string, text: string, shape: z.ZodMiniType<T>): T {
  let value: unknown;
  try {
    value = parse(text);
  } catch (error) {
    throw new InvalidContentError(file, [error instanceof Error ? error.message : "not YAML"], error);
  }
  const checked = shape.safeParse(value, { error: z.locales.en().localeError });
  if (checked.success) return checked.data;
  const faults = checked.error.issues.map(
    (issue) => `${issue.path.join(".") || "top level"}: ${issue.message}`,
  );
  throw new InvalidContentError(file, faults, checked.error);
}

/** Text of a content file that lies beside the code. */
export function readContentText(url: URL): string {
  return readFileSync(fileURLToPath(url), "utf8");
}
