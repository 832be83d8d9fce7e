import type { Auth } from "../auth.ts";
import type { Repositories } from "../open-repositories.ts";
import { createLinking } from "../passkeys/create-linking.ts";
import { createPasskeys } from "../passkeys/create-passkeys.ts";
import { createLinkRoutes } from "./link-routes.ts";
import type { IsAllowedOrigin } from "./origin.ts";
import { createPasskeyRoutes } from "./passkey-routes.ts";
import type { RateLimits } from "./rate-limit.ts";
import type { Route } from "./route.ts";

export interface LastingRoutesOptions {
  readonly repositories: Pick<Repositories, "users" | "passkeys" | "spentChallenges" | "linkCodes">;
  readonly auth: Pick<Auth, "openSession">;
  readonly rateLimits: RateLimits;
  readonly isAllowedOrigin: IsAllowedOrigin;
  readonly jwtSecret: Uint8Array;
  readonly nowMs: () => number;
}

/** What makes a guest's account outlast its device: passkeys and one-time codes. */
export function createLastingRoutes(options: LastingRoutesOptions): Route[] {
  const { auth, isAllowedOrigin, rateLimits, nowMs, jwtSecret: secret } = options;
  const { users, passkeys, spentChallenges, linkCodes } = options.repositories;
  const getUser = (userId: string) => users.get(userId);
  const door = createPasskeys({ passkeys, spentChallenges, getUser, secret, nowMs });
  const linking = createLinking({ linkCodes, getUser, rateLimits, secret, nowMs });
  return [
    ...createPasskeyRoutes({ door, passkeys, auth, isAllowedOrigin }),
    ...createLinkRoutes({ linking, auth }),
  ];
}
