import { createHash, timingSafeEqual } from "node:crypto";
import { decodeJwt, errors } from "jose";
import { LRUCache } from "lru-cache";
import type { UserRole } from "#schema/vocabulary.ts";
import type { StoredUser } from "#schema/stored/user.ts";
import type { Clock } from "#ai/clock.ts";
import { ApiError } from "./http/api-error.ts";
import { IssuerUnreachableError, type VerifyTrusted } from "./identity.ts";
import { createTokens } from "./tokens.ts";

/** Who is asking, as every route and room sees them. */
export interface Person {
  readonly userId: string;
  readonly role: UserRole;
}

export interface AuthUsers {
  create(user: StoredUser): Promise<void>;
  get(id: string): Promise<StoredUser | null>;
  getAccess(id: string): Promise<KnownUser | null>;
  touch(id: string, atMs: number): Promise<unknown>;
  revokeTokens(id: string, fromMs: number): Promise<unknown>;
}

export interface AuthOptions {
  readonly users: AuthUsers;
  readonly jwtSecret: Uint8Array;
  readonly adminPassword: string;
  readonly clock: Clock;
  readonly newId: () => string;
  /** Gives a new user what every user has: the starter chatlings. Doing it twice gives them once. */
  readonly welcome: (userId: string) => Promise<void>;
  /** Whether this user is being erased just now. */
  readonly isErasing: (userId: string) => boolean;
  readonly trusted?: { readonly issuer: string; readonly verify: VerifyTrusted };
}

export interface Auth {
  /** @throws ApiError 401 for a token that is missing, malformed, expired or revoked */
  authenticate(token: string | undefined): Promise<Person>;
  createGuest(name: string | undefined): Promise<IssuedSession>;
  /** A new token for a valid one, or one that expired less than 30 days ago. */
  renew(token: string | undefined): Promise<IssuedSession>;
  loginAdmin(password: string): Promise<IssuedSession>;
  /** A session for a user who proved who they are by something else than a token or password. */
  openSession(userId: string): Promise<IssuedSession>;
  /** From now on, all of this user's tokens issued until now are refused here at once, elsewhere within 30 s. */
  revoke(userId: string): Promise<void>;
  /** Drops what is remembered of a user whose record changed. */
  forget(userId: string): void;
}

export interface IssuedSession {
  readonly token: string;
  readonly user: Person & { readonly name: string };
}

const ADMIN_ID = "admin";
const TOKEN_LIFE_S = 24 * 3600;
const OPERATOR_TOKEN_LIFE_S = 8 * 3600;
const RENEWABLE_S = 30 * 24 * 3600;
/** How long another process may go on believing what it knows of a user. */
const USER_CACHE_MS = 30_000;
/** As little is worth remembering for so short a time, those of the last moment are enough. */
const USERS_REMEMBERED = 1000;
const TOUCH_EVERY_MS = 3_600_000;

type KnownUser = Pick<StoredUser, "id" | "role" | "tokensValidFromMs" | "lastSeenAtMs">;

/** Issues and checks tokens: our own (HS256), and those of one trusted issuer where configured. */
export function createAuth(options: AuthOptions): Auth {
  const { users, clock, trusted } = options;
  const tokens = createTokens(options.jwtSecret);
  const known = new LRUCache<string, KnownUser>({ max: USERS_REMEMBERED, ttl: USER_CACHE_MS });
  // Counts forgettings, so that a read under way during one is not remembered.
  let forgettings = 0;

  function forget(userId: string): void {
    forgettings++;
    known.delete(userId);
  }

  async function findUser(userId: string): Promise<KnownUser | undefined> {
    if (options.isErasing(userId)) {
      throw new ApiError(401, "token-invalid", "This token's user is being erased.");
    }
    const remembered = known.get(userId);
    if (remembered) return remembered;
    const before = forgettings;
    const user = await users.getAccess(userId);
    if (!user) return undefined;
    if (clock.nowMs() - user.lastSeenAtMs > TOUCH_EVERY_MS) await users.touch(userId, clock.nowMs());
    if (forgettings === before) known.set(userId, user);
    return user;
  }

  function remember({ id, role, tokensValidFromMs, lastSeenAtMs }: KnownUser): void {
    known.set(id, { id, role, tokensValidFromMs, lastSeenAtMs });
  }

  /** The user as stored: of two first requests that race, the loser finds the winner's record. */
  async function createOrFind(user: StoredUser): Promise<KnownUser> {
    try {
      await users.create(user);
      remember(user);
      return user;
    } catch (cause) {
      const winner = await findUser(user.id);
      if (winner) return winner;
      throw cause;
    }
  }

  async function authenticate(token: string | undefined): Promise<Person> {
    const sent = requireToken(token);
    if (trusted && readIssuer(sent) === trusted.issuer) return authenticateTrusted(sent);
    return toPerson(await checkOwn(sent, 0));
  }

  async function checkOwn(token: string, expiredForS: number): Promise<KnownUser> {
    const { sub, at } = tokens.verify(token, clock.nowMs(), expiredForS);
    const user = await findUser(sub);
    if (!user) throw new ApiError(401, "token-invalid", "This token's user does not exist any more.");
    if (at < user.tokensValidFromMs) throw revoked();
    return user;
  }

  async function authenticateTrusted(token: string): Promise<Person> {
    const identity = await trusted!.verify(token).catch((cause: unknown) => {
      if (cause instanceof errors.JWTExpired) {
        throw new ApiError(401, "token-expired", "This token has expired.", { cause });
      }
      if (cause instanceof IssuerUnreachableError) {
        throw new ApiError(503, "issuer-unreachable", "The token issuer's keys cannot be read now.", {
          retryAfterMs: 5000,
          cause,
        });
      }
      throw new ApiError(401, "token-invalid", "This token is not valid here.", { cause });
    });
    const user = (await findUser(identity.userId)) ?? (await createTrusted(identity));
    if (identity.issuedAtMs < user.tokensValidFromMs) throw revoked();
    return { ...toPerson(user), role: "user" };
  }

  async function createTrusted(identity: { userId: string; subject: string; name: string | undefined }) {
    // In this order whoever finds the user finds the chatlings too, even after a crash in between.
    await options.welcome(identity.userId);
    return createOrFind(newUser(identity.userId, identity.name ?? "Player", "trusted", identity.subject));
  }

  function newUser(id: string, name: string, origin: StoredUser["origin"], subject?: string): StoredUser {
    const nowMs = clock.nowMs();
    return {
      id,
      name,
      role: id === ADMIN_ID ? "admin" : "user",
      origin,
      ...(subject && { subject }),
      createdAtMs: nowMs,
      lastSeenAtMs: nowMs,
      tokensValidFromMs: 0,
    };
  }

  async function issueTo(userId: string): Promise<IssuedSession> {
    const user = await users.get(userId);
    if (!user) throw new ApiError(401, "token-invalid", "This token's user does not exist any more.");
    return issue(user);
  }

  function issue(user: StoredUser): IssuedSession {
    const nowMs = clock.nowMs();
    const lifeS = user.role === "user" ? TOKEN_LIFE_S : OPERATOR_TOKEN_LIFE_S;
    const token = tokens.sign(user.id, nowMs, lifeS);
    return { token, user: { ...toPerson(user), name: user.name } };
  }

  return {
    authenticate,
    async createGuest(name) {
      const user = newUser(options.newId(), name ?? "Guest", "guest");
      await Promise.all([users.create(user), options.welcome(user.id)]);
      remember(user);
      return issue(user);
    },
    async renew(token) {
      const user = await checkOwn(requireToken(token), RENEWABLE_S);
      if (user.role !== "user") await authenticate(token);
      return issueTo(user.id);
    },
    async loginAdmin(password) {
      if (!sameText(password, options.adminPassword)) {
        throw new ApiError(401, "wrong-password", "That is not the operator's password.");
      }
      const admin = await findUser(ADMIN_ID);
      if (!admin) await createOrFind(newUser(ADMIN_ID, "Operator", "guest"));
      return issueTo(ADMIN_ID);
    },
    openSession: issueTo,
    async revoke(userId) {
      await users.revokeTokens(userId, clock.nowMs() + 1);
      forget(userId);
    },
    forget,
  };
}

const revoked = () => new ApiError(401, "token-revoked", "This token was revoked; sign in again.");
const toPerson = (user: KnownUser): Person => ({ userId: user.id, role: user.role });

function requireToken(token: string | undefined): string {
  if (!token) throw new ApiError(401, "token-missing", "Send a token as Authorization: Bearer.");
  return token;
}

function readIssuer(token: string): unknown {
  try {
    return decodeJwt(token).iss;
  } catch (cause) {
    throw new ApiError(401, "token-invalid", "This token is not valid here.", { cause });
  }
}

/** Compares in constant time, whatever the lengths. */
export function sameText(a: string, b: string): boolean {
  const hash = (text: string) => createHash("sha256").update(text).digest();
  return timingSafeEqual(hash(a), hash(b));
}
