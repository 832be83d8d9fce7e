/**
 * Whether two tokens stand for one person, as after a renewal. They are read only as far as that, and not trusted for
 * anything; where one cannot be read, it is somebody else's.
 */
export function isSamePerson(one: string, other: string): boolean {
  const subject = readSubject(one);
  return subject !== undefined && subject === readSubject(other);
}

function readSubject(token: string): string | undefined {
  try {
    const claims = token.split(".")[1] ?? "";
    const { sub } = JSON.parse(atob(claims.replaceAll("-", "+").replaceAll("_", "/"))) as { sub?: unknown };
    return typeof sub === "string" ? sub : undefined;
  } catch {
    return undefined;
  }
}
