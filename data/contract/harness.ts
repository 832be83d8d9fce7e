import type { Store } from "../collection.ts";
import type { Engine } from "../engine.ts";

/** What an engine lends the suite: an empty store of its own, and a look behind the seals. */
export interface FreshStore {
  readonly store: Store;
  /** The engine beneath it. */
  readonly engine: Engine;
  /** The documents as the engine holds them, for a reader without any key. */
  readRaw(collection: string): Promise<unknown[]>;
  close(): Promise<void>;
}

export type OpenFreshStore = () => Promise<FreshStore>;
