import type { IncomingHttpHeaders } from "node:http";
import type { BatchModel } from "../../batch-model.ts";
import type { VendorWire, WireAnswer, WireRequest, WireResponse } from "./vendor-wire.ts";

/** What became of an item. */
export type Outcome =
  | { readonly type: "reply"; readonly answer: WireAnswer }
  | { readonly type: "error"; readonly status: number }
  | { readonly type: "expired" }
  | { readonly type: "cancelled" }
  /** Its result cannot be read. */
  | { readonly type: "broken" };

/** A batch as a vendor holds it. */
export interface HeldBatch {
  readonly id: string;
  readonly name: string | undefined;
  readonly createdAtMs: number;
  readonly items: readonly { readonly id: string; readonly body: unknown }[];
  state: "running" | "cancelling" | "done" | "expired" | "cancelled" | "failed";
  /** By the item's id as the vendor knows it, in the order in which results are told. */
  readonly outcomes: Map<string, Outcome>;
}

/** All that a vendor keeps. */
export interface Office {
  readonly files: Map<string, string>;
  /** Newest first. */
  readonly batches: readonly HeldBatch[];
  accept(batch: Pick<HeldBatch, "name" | "items">): HeldBatch;
}

export interface BatchCall {
  readonly method: string;
  readonly path: string;
  readonly query: URLSearchParams;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
}

/** How one vendor speaks about batches: written from its SDK's types and its documentation, not recorded from it. */
export interface BatchWire {
  readonly provider: string;
  /** The adapter under test, pointed at `baseUrl` (no trailing slash, no path). */
  create(baseUrl: string, readKey: () => string): BatchModel;
  readonly tells: {
    /** How far a batch has come. */
    readonly progress: boolean;
    /** By name which batch is whose, while it runs. */
    readonly name: boolean;
  };
  /** Whether a batch may be refused as a whole after it was accepted. */
  readonly failsWhole: boolean;
  /** Whether the list of batches has pages. */
  readonly pages: boolean;
  /** Whether results are read line by line. */
  readonly lines: boolean;
  readonly reports: VendorWire["reports"];
  readKey: VendorWire["readKey"];
  readRequest(body: unknown): WireRequest;
  error: VendorWire["error"];
  /** What the vendor does and answers, or undefined when nobody is there. */
  answer(call: BatchCall, office: Office): Promise<WireResponse | undefined> | WireResponse | undefined;
}

export const toJson = (body: unknown): WireResponse => ({ status: 200, body: JSON.stringify(body) });

/** A piece of a list, and whether there is more. */
export function toPage<T>(all: readonly T[], from: number, limit: number) {
  return { data: all.slice(from, from + limit), hasMore: all.length > from + limit };
}
