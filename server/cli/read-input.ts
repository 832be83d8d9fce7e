import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { CommandError } from "./call-server.ts";

/** The text of a file named on the command line, relative to where the person stands. */
export function readText(file: string): string {
  try {
    // npm runs scripts in the package's folder and leaves the person's in INIT_CWD.
    return readFileSync(resolve(process.env["INIT_CWD"] ?? ".", file), "utf8");
  } catch (cause) {
    throw new CommandError(`${file} cannot be read`, { cause });
  }
}

export function readJson(file: string): unknown {
  const text = readText(file);
  try {
    return JSON.parse(text) as unknown;
  } catch (cause) {
    throw new CommandError(`${file} is not valid JSON`, { cause });
  }
}

/** The body of a topic import: `{ topics: […] }`, a bare list of texts or topics, or a feed's XML. */
export function readTopicFile(file: string): unknown {
  const text = readText(file);
  if (text.trimStart().startsWith("<")) return { rss: text };
  const value = readJson(file);
  if (!Array.isArray(value)) return value;
  return { topics: value.map((topic: unknown) => (typeof topic === "string" ? { text: topic } : topic)) };
}
