import { StoreUnavailableError } from "../errors.ts";

const REFUSED = new Set([13, 18, 8000]);
const UNREACHABLE = /Network|ServerSelection/;

/**
 * Why MongoDB could not be opened, in one line that names its hosts but nothing else of the connection string:
 * the driver's own text is left out where it might quote it.
 */
export function toConnectError(error: unknown, uri: string): StoreUnavailableError {
  const { name, code, message, syscall } = error as Failure;
  if (UNREACHABLE.test(name) || syscall !== undefined) {
    const problem = `MongoDB at ${hostsOf(uri)} cannot be reached`;
    return new StoreUnavailableError(problem, { cause: error, retryable: true });
  }
  if (typeof code === "number" && REFUSED.has(code)) {
    return new StoreUnavailableError(`MongoDB at ${hostsOf(uri)} refuses these credentials`, {
      retryable: false,
    });
  }
  if (name === "MongoCompatibilityError") {
    return new StoreUnavailableError(`MongoDB at ${hostsOf(uri)} is too old: ${message}`, {
      retryable: false,
    });
  }
  return new StoreUnavailableError("the connection string of MongoDB cannot be used", { retryable: false });
}

/** `syscall` is set by Node's network and name resolution errors. */
interface Failure {
  readonly name: string;
  readonly message: string;
  readonly code?: unknown;
  readonly syscall?: unknown;
}

/** The hosts of a connection string: what follows its last "@" before the path. */
function hostsOf(uri: string): string {
  const authority = uri.replace(/^[^:]*:\/\//, "").split(/[/?]/)[0] ?? "";
  return authority.slice(authority.lastIndexOf("@") + 1);
}
