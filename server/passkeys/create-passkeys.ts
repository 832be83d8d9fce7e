import { createHmac } from "node:crypto";
import type {
  PasskeyAssertion,
  PasskeyAttestation,
  PasskeyCreationOptions,
  PasskeyRequestOptions,
} from "#schema/passkey.ts";
import type { StoredPasskey } from "#schema/stored/passkey.ts";
import type { StoredUser } from "#schema/stored/user.ts";
import { MAX_PASSKEYS, type Passkeys } from "#data/repositories/passkeys.ts";
import type { SpentChallenges } from "#data/repositories/spent-challenges.ts";
import { createTurns } from "../create-turns.ts";
import { ApiError } from "../http/api-error.ts";
import { CHALLENGE_LIFE_MS, createChallenges, type ChallengeUse } from "./challenges.ts";
import { deriveKey } from "./derive-key.ts";
import type { RelyingParty } from "./relying-party.ts";
import { requireGuest } from "./require-guest.ts";
import { ALGORITHMS, readChallenge, verifyAssertion, verifyAttestation } from "./verify-response.ts";

export interface PasskeyDoorOptions {
  readonly passkeys: Passkeys;
  readonly spentChallenges: SpentChallenges;
  readonly getUser: (userId: string) => Promise<StoredUser | null>;
  /** The secret that all processes share; keys for one purpose each are derived from it. */
  readonly secret: Uint8Array;
  readonly nowMs: () => number;
}

/** A way in by passkey. Every refusal is an ApiError 422, but for a credential that is known already (409). */
export interface PasskeyDoor {
  startRegistration(userId: string, party: RelyingParty): Promise<PasskeyCreationOptions>;
  register(
    userId: string,
    party: RelyingParty,
    attestation: PasskeyAttestation,
    label?: string,
  ): Promise<StoredPasskey>;
  startSignIn(party: RelyingParty): PasskeyRequestOptions;
  /** The id of the user whose passkey it is. */
  signIn(party: RelyingParty, assertion: PasskeyAssertion): Promise<string>;
}

const RP_NAME = "Parley";
const DEFAULT_LABEL = "Passkey";
const USER_VERIFICATION = "preferred";

/** Registers passkeys and recognizes people by them. */
export function createPasskeys(options: PasskeyDoorOptions): PasskeyDoor {
  const { passkeys, getUser, nowMs } = options;
  const challenges = createChallenges(options.secret, nowMs);
  const handleKey = deriveKey(options.secret, "passkey user handle");
  const takeTurn = createTurns();

  /** The same for all of a user's passkeys, so that a device keeps one; tells nothing to who has not the key. */
  const toUserHandle = (userId: string): string =>
    createHmac("sha256", handleKey).update(userId).digest("base64url");

  /** Spent only by what was verified, so that nobody can spend another's; and only once, on whatever process. */
  async function spend(challenge: string, use: ChallengeUse): Promise<void> {
    const good = challenges.read(challenge, use);
    if (!good || !(await options.spentChallenges.spend(good.id, good.expiresAtMs, nowMs()))) throw refused();
  }

  function requireChallenge(response: PasskeyAttestation | PasskeyAssertion, use: ChallengeUse): string {
    const challenge = readChallenge(response);
    if (challenge === null || !challenges.read(challenge, use)) throw refused();
    return challenge;
  }

  async function requireRoom(userId: string): Promise<StoredPasskey[]> {
    const held = await passkeys.listByUser(userId);
    if (held.length < MAX_PASSKEYS) return held;
    throw new ApiError(422, "too-many-passkeys", `An account has at most ${MAX_PASSKEYS} passkeys.`);
  }

  async function add(passkey: StoredPasskey): Promise<void> {
    await requireRoom(passkey.userId);
    if (await passkeys.add(passkey)) return;
    throw new ApiError(409, "passkey-taken", "This passkey is registered already.");
  }

  return {
    async startRegistration(userId, { origin, rpId }) {
      const { name } = requireGuest(await getUser(userId));
      const held = await requireRoom(userId);
      return {
        rp: { id: rpId, name: RP_NAME },
        user: { id: toUserHandle(userId), name, displayName: name },
        challenge: challenges.issue({ purpose: "register", origin, userId }),
        pubKeyCredParams: ALGORITHMS.map((alg) => ({ type: "public-key", alg })),
        timeout: CHALLENGE_LIFE_MS,
        excludeCredentials: held
          .filter((passkey) => passkey.rpId === rpId)
          .map(({ id, transports }) => ({ type: "public-key", id, transports })),
        authenticatorSelection: {
          residentKey: "required",
          requireResidentKey: true,
          userVerification: USER_VERIFICATION,
        },
        attestation: "none",
      };
    },
    async register(userId, party, attestation, label = DEFAULT_LABEL) {
      requireGuest(await getUser(userId));
      const use: ChallengeUse = { purpose: "register", origin: party.origin, userId };
      const challenge = requireChallenge(attestation, use);
      const attested = await verifyAttestation(attestation, challenge, party);
      if (!attested) throw refused();
      await spend(challenge, use);
      const passkey: StoredPasskey = {
        ...attested,
        userId,
        userHandle: toUserHandle(userId),
        rpId: party.rpId,
        transports: attestation.response.transports ?? [],
        label,
        createdAtMs: nowMs(),
      };
      // Counting and adding go together, or several at once would pass the limit.
      await takeTurn(userId, () => add(passkey));
      return passkey;
    },
    startSignIn: ({ origin, rpId }) => ({
      challenge: challenges.issue({ purpose: "sign-in", origin }),
      timeout: CHALLENGE_LIFE_MS,
      rpId,
      userVerification: USER_VERIFICATION,
    }),
    async signIn(party, assertion) {
      const use: ChallengeUse = { purpose: "sign-in", origin: party.origin };
      const challenge = requireChallenge(assertion, use);
      const passkey = await passkeys.get(assertion.id);
      if (!passkey || passkey.rpId !== party.rpId || !(await getUser(passkey.userId))) throw unknown();
      const { userHandle } = assertion.response;
      if (userHandle && userHandle !== passkey.userHandle) throw refused();
      const counter = await verifyAssertion(assertion, challenge, party, passkey);
      if (counter === null) throw refused();
      await spend(challenge, use);
      if (!(await passkeys.recordUse(passkey.id, counter))) throw refused();
      return passkey.userId;
    },
  };
}

const refused = (): ApiError =>
  new ApiError(422, "passkey-refused", "This answer is not accepted, or came too late; start again.");
const unknown = (): ApiError =>
  new ApiError(422, "passkey-unknown", "This passkey belongs to no account here.");
