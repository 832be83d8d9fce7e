import { mongo, MongooseError } from "mongoose";
import { DuplicateKeyError, InvalidRecordError, StoreFullError, StoreUnavailableError } from "../errors.ts";
import { INDEX_PREFIX } from "./to-index.ts";

const DUPLICATE_KEY = 11_000;
const OUT_OF_DISK = 14_031;
const RECORD_TOO_LARGE = 10_334;
/** AuthenticationFailed, Unauthorized and Atlas' own. */
const REFUSED = new Set([13, 18, 8000]);
/**
 * A server that is there but cannot serve now: host not reachable, time-outs, shutting down, stepping down,
 * not primary, write concern not met. (Codes of MongoDB's error_codes.yml.)
 */
const UNAVAILABLE = new Set([
  6, 7, 50, 64, 89, 91, 189, 202, 262, 317, 9001, 10_058, 10_107, 11_600, 11_602, 13_435, 13_436,
]);
const LOST_CONNECTION = new Set([
  "MongoNetworkError",
  "MongoNetworkTimeoutError",
  "MongoServerSelectionError",
  "MongooseServerSelectionError",
  "MongoPoolClearedError",
  "MongoPoolClosedError",
  "MongoWaitQueueTimeoutError",
  "MongoOperationTimeoutError",
  "MongoNotConnectedError",
  "MongoTopologyClosedError",
  "MongoClientClosedError",
  "MongoExpiredSessionError",
  "MongoWriteConcernError",
]);

/**
 * What a failure of the driver means to the store's callers; anything unknown comes back as it is, but never with
 * records in it. The cause of a duplicate is left out, because the server's message quotes the key.
 */
export function toStoreError(thrown: unknown, collection: string): unknown {
  const error = withoutRecords(thrown);
  if (cannotBeHeld(error)) return new InvalidRecordError(collection, [], "MongoDB cannot hold this record");
  if (!(error instanceof mongo.MongoError || error instanceof MongooseError)) return error;
  const code = (error as { code?: unknown }).code;
  if (code === DUPLICATE_KEY) return new DuplicateKeyError(collection, duplicateIndex(error));
  if (code === OUT_OF_DISK) return new StoreFullError({ cause: error });
  if (typeof code === "number" && REFUSED.has(code)) {
    return new StoreUnavailableError("MongoDB refuses these credentials", { cause: error, retryable: false });
  }
  const passing =
    LOST_CONNECTION.has(error.name) ||
    (typeof code === "number" && UNAVAILABLE.has(code)) ||
    (error instanceof mongo.MongoError && error.hasErrorLabel(mongo.MongoErrorLabel.RetryableWriteError));
  if (!passing) return error;
  return new StoreUnavailableError("MongoDB cannot be reached now", { cause: error, retryable: true });
}

/** Larger than 16 MB, or with a name inside that BSON does not allow. */
function cannotBeHeld(error: unknown): boolean {
  if (mongo.BSON.BSONError.isBSONError(error)) return true;
  const { message = "", code } = error as { message?: string; code?: unknown };
  return (
    message.startsWith("Document is larger than") || code === "ERR_OUT_OF_RANGE" || code === RECORD_TOO_LARGE
  );
}

/** A failed bulk write carries the records, and hides a lost connection inside; this is what went wrong alone. */
function withoutRecords(error: unknown): unknown {
  if (!(error instanceof mongo.MongoBulkWriteError)) return error;
  const inner: unknown = error.errorResponse;
  return inner instanceof Error
    ? inner
    : new mongo.MongoServerError({ message: error.message, code: error.code });
}

/** The declared name of the index that a duplicate key error speaks of, or "id". */
function duplicateIndex(error: { readonly message: string }): string {
  const name = / index: (\S+) dup key/.exec(error.message)?.[1] ?? "";
  if (name === "_id_") return "id";
  return name.startsWith(INDEX_PREFIX) ? name.slice(INDEX_PREFIX.length) : name;
}
