import type { IncomingHttpHeaders } from "node:http";
import type { LanguageModel, ModelUsage, StopReason } from "../../model.ts";

/** What a vendor is to answer. */
export interface WireAnswer {
  /** The pieces of the text, as a stream would bring them. */
  readonly texts: readonly string[];
  readonly stop: StopReason;
  /** Left out of the reply when undefined. */
  readonly usage: ModelUsage | undefined;
}

/** A plain HTTP response. */
export interface WireResponse {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body: string;
}

/** A request as the vendor understands it. */
export interface WireRequest {
  readonly system: string;
  readonly messages: readonly { readonly role: "user" | "assistant"; readonly text: string }[];
  readonly schema: unknown;
  readonly maxOutputTokens: number | undefined;
  readonly streams: boolean;
}

/** How one vendor speaks: written from its SDK's types and its documentation, not recorded from it. */
export interface VendorWire {
  readonly provider: string;
  /** The adapter under test, pointed at `baseUrl` (no trailing slash, no path). */
  create(baseUrl: string, readKey: () => string): LanguageModel;
  /** Whether it reports cache writes, by span or in one figure, and thinking tokens. */
  readonly reports: { readonly cacheWrites: "by-span" | "5m" | "none"; readonly thinking: boolean };
  readKey(headers: IncomingHttpHeaders): string | undefined;
  readRequest(path: string, body: unknown): WireRequest;
  reply(answer: WireAnswer): WireResponse;
  /** The frames of a stream in order, each as its bytes go over the wire; the last ones end it properly. */
  stream(answer: WireAnswer): readonly string[];
  error(status: number, kind?: "quota"): WireResponse;
  /** A frame that reports, in mid-stream, that the vendor is overloaded or broken. */
  errorFrame(): string;
}
