import { createHash, generateKeyPairSync, randomBytes, sign, type KeyObject } from "node:crypto";
import { isoCBOR } from "@simplewebauthn/server/helpers";
import type {
  PasskeyAssertion,
  PasskeyAttestation,
  PasskeyCreationOptions,
  PasskeyRequestOptions,
} from "#schema/passkey.ts";

/** What a test has said or signed otherwise than a browser would. */
export interface Lie {
  readonly type?: string;
  readonly challenge?: string;
  readonly origin?: string;
  readonly rpId?: string;
  readonly counter?: number;
  readonly flags?: number;
  readonly userHandle?: string;
  readonly topOrigin?: string;
  /** States something of the new credential in place of nothing, signed by whatever key. */
  readonly state?: (signed: Buffer, key: KeyObject) => Statement;
}

type Value = string | number | Uint8Array | Uint8Array[];
interface Statement {
  readonly fmt: string;
  readonly fields: Readonly<Record<string, Value>>;
}

/** An authenticator with ES256 keys and the browser before it, on a page of `origin`. */
export interface SoftwareAuthenticator {
  create(options: PasskeyCreationOptions, lie?: Lie): Promise<PasskeyAttestation>;
  get(options: PasskeyRequestOptions, lie?: Lie): Promise<PasskeyAssertion>;
}

interface Held {
  readonly id: string;
  readonly userHandle: string;
  readonly rpId: string;
  readonly key: KeyObject;
  counter: number;
}

const USER_PRESENT = 0x01;
const USER_VERIFIED = 0x04;
const HAS_CREDENTIAL = 0x40;

const sha256 = (data: string | Buffer): Buffer => createHash("sha256").update(data).digest();
const encode = (data: string | Uint8Array): string => Buffer.from(data).toString("base64url");

/** `counts` false is for passkeys that are synchronized, whose count stays 0. */
export function createSoftwareAuthenticator(origin: string, counts = true): SoftwareAuthenticator {
  const held: Held[] = [];

  const toClientData = (type: string, challenge: string, lie: Lie): Buffer =>
    Buffer.from(
      JSON.stringify({
        type: lie.type ?? type,
        challenge: lie.challenge ?? challenge,
        origin: lie.origin ?? origin,
        crossOrigin: lie.topOrigin !== undefined,
        ...(lie.topOrigin !== undefined && { topOrigin: lie.topOrigin }),
      }),
    );

  function toAuthenticatorData(credential: Held, lie: Lie, attested?: Buffer): Buffer {
    if (counts) credential.counter++;
    const head = Buffer.alloc(37);
    sha256(lie.rpId ?? credential.rpId).copy(head);
    head[32] = lie.flags ?? USER_PRESENT | USER_VERIFIED | (attested ? HAS_CREDENTIAL : 0);
    head.writeUInt32BE(lie.counter ?? credential.counter, 33);
    return attested ? Buffer.concat([head, attested]) : head;
  }

  return {
    async create({ rp, user, challenge }, lie = {}) {
      const { privateKey, publicKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
      const id = randomBytes(32);
      const credential = { id: encode(id), userHandle: user.id, rpId: rp.id, key: privateKey, counter: 0 };
      held.push(credential);
      const length = Buffer.alloc(2);
      length.writeUInt16BE(id.length);
      const attested = Buffer.concat([Buffer.alloc(16), length, id, toCoseKey(publicKey)]);
      const authData = toAuthenticatorData(credential, lie, attested);
      const clientData = toClientData("webauthn.create", challenge, lie);
      const signed = Buffer.concat([authData, sha256(clientData)]);
      const { fmt, fields } = lie.state?.(signed, privateKey) ?? { fmt: "none", fields: {} };
      const attestation = isoCBOR.encode(
        new Map<string, Value | Map<string, Value>>([
          ["fmt", fmt],
          ["attStmt", new Map(Object.entries(fields))],
          ["authData", Uint8Array.from(authData)],
        ]),
      );
      return {
        id: credential.id,
        rawId: credential.id,
        type: "public-key",
        response: {
          clientDataJSON: encode(clientData),
          attestationObject: encode(attestation),
          transports: ["internal"],
        },
      };
    },
    async get({ rpId, challenge }, lie = {}) {
      const credential = held.findLast((candidate) => candidate.rpId === rpId);
      if (!credential) throw new DOMException("nothing for this page", "NotAllowedError");
      const clientData = toClientData("webauthn.get", challenge, lie);
      const authData = toAuthenticatorData(credential, lie);
      const signature = sign("sha256", Buffer.concat([authData, sha256(clientData)]), credential.key);
      return {
        id: credential.id,
        rawId: credential.id,
        type: "public-key",
        response: {
          clientDataJSON: encode(clientData),
          authenticatorData: encode(authData),
          signature: encode(signature),
          userHandle: lie.userHandle ?? credential.userHandle,
        },
      };
    },
  };
}

/** An EC2 key on P-256 for ES256, as COSE writes it. */
function toCoseKey(publicKey: KeyObject): Uint8Array {
  const { x = "", y = "" } = publicKey.export({ format: "jwk" });
  const bytes = (coordinate: string) => Uint8Array.from(Buffer.from(coordinate, "base64url"));
  return isoCBOR.encode(
    new Map<number, number | Uint8Array>([
      [1, 2],
      [3, -7],
      [-1, 1],
      [-2, bytes(x)],
      [-3, bytes(y)],
    ]),
  );
}
