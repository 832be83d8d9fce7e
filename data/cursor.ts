import type { FieldKind } from "./engine.ts";
import type { Scalar } from "./collection.ts";
import { InvalidCursorError } from "./errors.ts";

/** An opaque text for a position in a list; `list` names the list, so that a cursor of another one is refused. */
export function toCursor(list: string, position: readonly Scalar[]): string {
  return Buffer.from(JSON.stringify([list, ...position])).toString("base64url");
}

/** The position in a cursor of this list, one value of each kind. @throws InvalidCursorError */
export function fromCursor(list: string, kinds: readonly FieldKind[], cursor: string): Scalar[] {
  const [name, ...position] = parseList(cursor);
  const fits = position.length === kinds.length && position.every((value, i) => typeof value === kinds[i]);
  if (name !== list || !fits) throw new InvalidCursorError();
  return position as Scalar[];
}

function parseList(cursor: string): unknown[] {
  try {
    const parsed: unknown = JSON.parse(Buffer.from(cursor, "base64url").toString());
    if (Array.isArray(parsed)) return parsed;
  } catch {
    // Said below, for every malformed cursor alike.
  }
  throw new InvalidCursorError();
}
