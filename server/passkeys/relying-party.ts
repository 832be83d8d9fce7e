import { isIP } from "node:net";
import type { IncomingHttpHeaders } from "node:http";
import { ApiError } from "../http/api-error.ts";
import type { IsAllowedOrigin } from "../http/origin.ts";

/** For whom passkeys are made: the page's origin, and its host name as WebAuthn's relying party id. */
export interface RelyingParty {
  readonly origin: string;
  readonly rpId: string;
}

/**
 * The page that asks, by its `Origin`, which a browser sets itself and which must be an allowed one.
 * @throws ApiError 403 for a foreign origin, 422 where browsers offer no passkeys
 */
export function readRelyingParty(
  { origin, host }: IncomingHttpHeaders,
  isAllowed: IsAllowedOrigin,
): RelyingParty {
  if (!origin) throw unavailable();
  if (!isAllowed(origin, host)) {
    throw new ApiError(403, "foreign-origin", "Pages of that origin may not use this server.");
  }
  const { protocol, hostname } = new URL(origin);
  const isAddress = isIP(hostname) !== 0 || hostname.startsWith("[");
  if (isAddress || (protocol !== "https:" && hostname !== "localhost")) throw unavailable();
  return { origin, rpId: hostname };
}

const unavailable = (): ApiError =>
  new ApiError(
    422,
    "passkeys-unavailable",
    "Passkeys work in browsers, on pages with a host name over https or on http://localhost.",
  );
