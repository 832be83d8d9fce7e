import type {
  PasskeyAssertion,
  PasskeyAttestation,
  PasskeyCreationOptions,
  PasskeyRequestOptions,
} from "#schema/passkey.ts";
import { ParleyError } from "../parley-error.ts";

/** What makes and uses passkeys: the browser, together with the device or a security key. */
export interface Authenticator {
  create(options: PasskeyCreationOptions, signal?: AbortSignal): Promise<PasskeyAttestation>;
  get(options: PasskeyRequestOptions, signal?: AbortSignal): Promise<PasskeyAssertion>;
}

/** Whether this is a browser, and a page, that can use passkeys at all. */
export function supportsPasskeys(): boolean {
  return (
    typeof PublicKeyCredential === "function" &&
    typeof PublicKeyCredential.parseCreationOptionsFromJSON === "function" &&
    typeof PublicKeyCredential.parseRequestOptionsFromJSON === "function"
  );
}

/**
 * The browser's own WebAuthn.
 * Fails with `passkey-unsupported`, `passkey-cancelled` (by the person, or their time ran out), `passkey-exists` (this
 * device has one for the account), `aborted` or `passkey-failed`.
 */
export const browserAuthenticator: Authenticator = {
  create: (options, signal) =>
    ask(signal, (abort) =>
      navigator.credentials.create({
        publicKey: PublicKeyCredential.parseCreationOptionsFromJSON(options),
        ...abort,
      }),
    ) as Promise<PasskeyAttestation>,
  get: (options, signal) =>
    ask(signal, (abort) =>
      navigator.credentials.get({
        publicKey: PublicKeyCredential.parseRequestOptionsFromJSON(options),
        ...abort,
      }),
    ) as Promise<PasskeyAssertion>,
};

type Ask = (abort: { signal?: AbortSignal }) => Promise<Credential | null>;

async function ask(signal: AbortSignal | undefined, question: Ask): Promise<unknown> {
  if (!supportsPasskeys()) throw unsupported();
  try {
    const credential = await question(signal ? { signal } : {});
    if (credential instanceof PublicKeyCredential) return credential.toJSON();
  } catch (cause) {
    if (signal?.aborted) throw new ParleyError("aborted", "The call was aborted.", { cause });
    throw toFailure(cause);
  }
  throw new ParleyError("passkey-failed", "The browser gave no passkey.");
}

const unsupported = (cause?: unknown): ParleyError =>
  new ParleyError("passkey-unsupported", "This browser or page cannot use passkeys.", { cause });

/** The names of WebAuthn's errors in our words. */
function toFailure(cause: unknown): ParleyError {
  switch (cause instanceof Error ? cause.name : "") {
    case "NotAllowedError":
      return new ParleyError("passkey-cancelled", "No passkey was chosen.", { cause });
    case "InvalidStateError":
      return new ParleyError("passkey-exists", "This device has a passkey for the account already.", {
        cause,
      });
    case "NotSupportedError":
    case "SecurityError":
      return unsupported(cause);
    default:
      return new ParleyError("passkey-failed", "The passkey could not be used.", { cause });
  }
}
