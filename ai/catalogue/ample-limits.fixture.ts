import { PROVIDERS } from "../providers/create-model.ts";

/** Limits no test comes near, for every provider. */
export const AMPLE_LIMITS = Object.fromEntries(
  PROVIDERS.map((provider) => [provider, { concurrency: 1_000, requestsPerMinute: 1_000_000 }]),
);
