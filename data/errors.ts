/** What can go wrong in the store, as classes with the fields callers branch on. Messages hold no record contents. */

/** The id (`index` is "id") or a unique key is taken. */
export class DuplicateKeyError extends Error {
  override readonly name = "DuplicateKeyError";
  readonly collection: string;
  readonly index: string;
  constructor(collection: string, index: string, options?: ErrorOptions) {
    super(`a record of ${collection} with the same ${index} exists already`, options);
    this.collection = collection;
    this.index = index;
  }
}

/** A page cursor that this query did not hand out. */
export class InvalidCursorError extends Error {
  override readonly name = "InvalidCursorError";
  constructor() {
    super("the cursor is not one this list handed out");
  }
}

/** A record or change that does not fit its collection's declaration; `paths` name the fields, never their values. */
export class InvalidRecordError extends Error {
  override readonly name = "InvalidRecordError";
  readonly collection: string;
  readonly paths: readonly string[];
  constructor(collection: string, paths: readonly string[], problem: string, options?: ErrorOptions) {
    super(`${collection}: ${problem} (${paths.join(", ") || "record"})`, options);
    this.collection = collection;
    this.paths = paths;
  }
}

/** A collection declared in a way no engine could keep: a mistake in the program. */
export class DeclarationError extends Error {
  override readonly name = "DeclarationError";
  constructor(collection: string, problem: string) {
    super(`collection ${collection}: ${problem}`);
  }
}

/** A query that no declared index serves: a mistake in the program. */
export class UnservedQueryError extends Error {
  override readonly name = "UnservedQueryError";
  constructor(collection: string, index: string, problem: string) {
    super(`${collection} by ${index}: ${problem}`);
  }
}

/** The store cannot answer now; `retryable` says whether the same call may succeed later without a restart. */
export class StoreUnavailableError extends Error {
  override readonly name: string = "StoreUnavailableError";
  readonly retryable: boolean;
  constructor(message: string, options: ErrorOptions & { retryable: boolean }) {
    super(message, options);
    this.retryable = options.retryable;
  }
}

/** No room on the disk: reads go on, writes work again as soon as there is room. */
export class StoreFullError extends StoreUnavailableError {
  override readonly name = "StoreFullError";
  constructor(options?: ErrorOptions) {
    super("the store's disk is full", { ...options, retryable: true });
  }
}

/** The store's files or their disk cannot be written. */
export class StoreReadOnlyError extends StoreUnavailableError {
  override readonly name = "StoreReadOnlyError";
  constructor(options?: ErrorOptions) {
    super("the store cannot be written: its files or their disk are read-only", {
      ...options,
      retryable: true,
    });
  }
}

/** Another process owns the embedded store; `pid` is null when it left no readable mark. */
export class StoreLockedError extends Error {
  override readonly name = "StoreLockedError";
  readonly pid: number | null;
  constructor(directory: string, pid: number | null) {
    super(`the store in ${directory} is in use by ${pid === null ? "another process" : `process ${pid}`}`);
    this.pid = pid;
  }
}

/** What lies in the store is damaged, or is no store at all. */
export class StoreCorruptError extends Error {
  override readonly name = "StoreCorruptError";
}

/** The store was made with another DATA_KEY. */
export class WrongKeyError extends Error {
  override readonly name = "WrongKeyError";
  constructor() {
    super("the store was made with another DATA_KEY");
  }
}

/** The store was written by a newer version of the program, or cannot be brought to this one. */
export class IncompatibleStoreError extends Error {
  override readonly name = "IncompatibleStoreError";
}
