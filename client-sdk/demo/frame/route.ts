/** Where in the app the address points to. */
export interface Route {
  /** Name of the screen; "" is the first one. */
  name: string;
  /** What follows the name. */
  path: readonly string[];
}

/** Reads a location's hash, as `#/chatlings/some-id`. */
export function readRoute(hash: string): Route {
  const [name = "", ...path] = hash
    .replace(/^#?\/?/, "")
    .split("/")
    .map(decode)
    .filter((part) => part !== "");
  return { name, path };
}

/** The hash for a screen and what follows its name. */
export function toHash(...parts: readonly string[]): string {
  return `#/${parts.map(encodeURIComponent).join("/")}`;
}

function decode(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}
