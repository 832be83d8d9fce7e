import {
  IncompatibleStoreError,
  StoreCorruptError,
  StoreLockedError,
  StoreUnavailableError,
  WrongKeyError,
} from "#data/errors.ts";
import { ConfigError } from "./config.ts";

/** One line for the person who started the server: what is wrong, and what to do about it. */
export function explainStartFailure(error: unknown): string {
  if (error instanceof ConfigError) return error.message;
  if (error instanceof WrongKeyError) {
    return `${error.message}; set DATA_KEY to that one, or point DATA_DIR at another folder`;
  }
  if (error instanceof StoreLockedError) return `${error.message}; stop that one, or set another DATA_DIR`;
  if (error instanceof StoreCorruptError) return `${error.message}; restore it from a backup or move it away`;
  if (error instanceof IncompatibleStoreError || error instanceof StoreUnavailableError) return error.message;
  const { code, address, port } = error as { code?: string; address?: string; port?: number };
  if (code === "EADDRINUSE") return `PORT: ${port} is in use by another program; set another one`;
  if (code === "EACCES") return `PORT: ${port} needs more rights; set one above 1023`;
  if (code === "EADDRNOTAVAIL") return `HOST: ${address} is no address of this machine`;
  return error instanceof Error ? `${error.name}: ${error.message}` : String(error);
}
