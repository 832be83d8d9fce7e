import type { StoredUser } from "#schema/stored/user.ts";
import { ApiError, notFound } from "../http/api-error.ts";

/**
 * The user, who must have no other way in than what this server gives them.
 * @throws ApiError 422 for operators and for users whom a game signs in, since that game also ends their sessions
 */
export function requireGuest(user: StoredUser | null): StoredUser {
  if (!user) throw notFound("user");
  if (user.role === "user" && user.origin === "guest") return user;
  throw new ApiError(422, "guests-only", "This account signs in elsewhere; only guests can do this.");
}
