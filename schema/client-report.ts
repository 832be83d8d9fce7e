import * as z from "zod/mini";

/**
 * What pages and SDKs report of themselves (`POST /api/client-errors`): what kind of thing happened and how long
 * loading took. No message, no stack, no address of a page: they may hold what somebody typed.
 */

/** The web app, the SDK in any program, and the operator's desk. */
export const CLIENT_SOURCES = ["page", "sdk", "desk"] as const;
export type ClientSource = (typeof CLIENT_SOURCES)[number];

/** An exception nobody caught, a promise nobody caught, a connection that failed for good, a page that loaded. */
export const CLIENT_REPORT_KINDS = ["uncaught", "rejection", "connection", "load"] as const;
export type ClientReportKind = (typeof CLIENT_REPORT_KINDS)[number];

/** Steps of a load, in the order in which they are reached. */
export const LOAD_STEPS = ["responseMs", "readyMs", "joinedMs", "firstLineMs"] as const;
export type LoadStep = (typeof LOAD_STEPS)[number];

const LONGEST_LOAD_MS = 600_000;
const sinceStart = z.optional(z.number().check(z.minimum(0), z.maximum(LONGEST_LOAD_MS)));

/**
 * Milliseconds from a page's navigation, or an SDK's call to join: first byte, page ready, seat taken, first line
 * there.
 */
export const LoadTimings = z.strictObject({
  responseMs: sinceStart,
  readyMs: sinceStart,
  joinedMs: sinceStart,
  firstLineMs: sinceStart,
});
export type LoadTimings = z.infer<typeof LoadTimings>;

/** An error's class or code, as `TypeError`, `token-expired` or `4002`; never its message. */
const ErrorName = z.string().check(z.regex(/^[A-Za-z0-9][A-Za-z0-9_-]{0,39}$/));

export const ClientReport = z.discriminatedUnion("kind", [
  z.strictObject({ kind: z.enum(["uncaught", "rejection", "connection"]), code: ErrorName }),
  z.strictObject({ kind: z.literal("load"), timings: LoadTimings }),
]);
export type ClientReport = z.infer<typeof ClientReport>;

/** One sending: a few reports of the same program. */
export const ClientReports = z.strictObject({
  source: z.enum(CLIENT_SOURCES),
  /** Of the page or SDK. */
  version: z.string().check(z.regex(/^[A-Za-z0-9][A-Za-z0-9.+-]{0,39}$/)),
  /** The share of its visits that a program reports of, chosen at random; each report counts for as many more. */
  sampleRate: z._default(z.number().check(z.minimum(0.01), z.maximum(1)), 1),
  reports: z.array(ClientReport).check(z.minLength(1), z.maxLength(20)),
});
export type ClientReports = z.infer<typeof ClientReports>;
