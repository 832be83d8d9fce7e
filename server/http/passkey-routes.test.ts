import { createPrivateKey, sign, X509Certificate, type KeyObject } from "node:crypto";
import { readFileSync } from "node:fs";
import { SignJWT } from "jose";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import {
  codeOf,
  createPasskeyPage,
  OTHER_PAGE,
  PAGE,
  PLAIN_PAGE,
  statusesOf,
} from "../passkeys/passkey-page.fixture.ts";
import { createSoftwareAuthenticator, type Lie } from "../passkeys/software-authenticator.fixture.ts";
import { createStillClock, openTestServer, type TestServer } from "../testing/open-test-server.ts";

const read = (name: string) => readFileSync(new URL(`../passkeys/${name}`, import.meta.url));
/** A maker of authenticators, whose certificate would be taken if certificates were. */
const MAKER = new X509Certificate(read("attestation.fixture-cert.pem"));
const MAKER_KEY = createPrivateKey(read("attestation.fixture-key.pem"));
const statePacked = (signed: Buffer, key: KeyObject, more: Record<string, Uint8Array[]> = {}) => ({
  fmt: "packed",
  fields: { alg: -7, sig: Uint8Array.from(sign("sha256", signed, key)), ...more },
});

const GAME_SECRET = "what the game and Parley share";
const clock = createStillClock();
let server: TestServer;
beforeAll(async () => {
  server = await openTestServer({
    clock,
    env: {
      ALLOWED_ORIGINS: [PAGE, OTHER_PAGE, PLAIN_PAGE].join(),
      TRUSTED_ISSUER: "game",
      TRUSTED_AUDIENCE: "parley",
      TRUSTED_JWT_SECRET: GAME_SECRET,
    },
  });
});
afterAll(() => server.close());

const { post, creationOptions, requestOptions, register, signIn, openAccount, passkeysOf } =
  createPasskeyPage(() => server);

describe("registering a passkey", () => {
  it("makes a guest an account that comes back as itself, on any device", async () => {
    const { id, device } = await openAccount();
    const { status, body } = await signIn(device);
    expect([status, body.user]).toEqual([200, { id, name: "Ada", role: "user" }]);
    const me = await server.call("GET /api/me", { token: body.token });
    expect(me.body.id).toBe(id);
  });

  it("is asked for the page's own host, and tells the device nothing about the person but a name", async () => {
    const { token, id } = await server.guest("Ada");
    const first = await creationOptions(token);
    expect(first.rp.id).toBe("play.example");
    expect(first.user.name).toBe("Ada");
    expect(JSON.stringify(first)).not.toContain(id);
    const second = await creationOptions(token, "http://localhost:5173");
    expect(second.rp.id).toBe("localhost");
    expect(second.user.id).toBe(first.user.id);
    expect(second.challenge).not.toBe(first.challenge);
    const other = await creationOptions((await server.guest("Ada")).token);
    expect(other.user.id).not.toBe(first.user.id);
  });

  it("asks the device not to make a second one for the same account", async () => {
    const { token } = await openAccount();
    const [{ id }] = await passkeysOf(token);
    const { excludeCredentials } = await creationOptions(token);
    expect(excludeCredentials).toEqual([{ type: "public-key", id, transports: ["internal"] }]);
    expect((await creationOptions(token, OTHER_PAGE)).excludeCredentials).toEqual([]);
  });

  it.each<[string, Lie]>([
    ["for another page", { origin: "https://evil.example" }],
    ["for another host", { rpId: "evil.example" }],
    ["to another challenge", { challenge: Buffer.alloc(54, 7).toString("base64url") }],
    ["to no challenge", { challenge: "" }],
    ["of another kind", { type: "webauthn.get" }],
    ["without the person's presence", { flags: 0x40 }],
    ["without a credential", { flags: 0x05 }],
    ["with a statement that is none", { state: () => ({ fmt: "none", fields: { alg: -7 } }) }],
    ["with a statement of an unknown form", { state: () => ({ fmt: "tpm", fields: {} }) }],
    ["with a statement signed by another key", { state: (signed) => statePacked(signed, MAKER_KEY) }],
    [
      "with a maker's certificate",
      { state: (signed) => statePacked(signed, MAKER_KEY, { x5c: [Uint8Array.from(MAKER.raw)] }) },
    ],
  ])("is refused when the answer is %s", async (_what, lie) => {
    const { token } = await server.guest();
    expect(codeOf(await register(token, createSoftwareAuthenticator(PAGE), lie))).toBe("422 passkey-refused");
    expect(await passkeysOf(token)).toEqual([]);
  });

  it("takes one that vouches for itself", async () => {
    const { token } = await server.guest();
    const device = createSoftwareAuthenticator(PAGE);
    expect((await register(token, device, { state: statePacked })).status).toBe(201);
    expect((await signIn(device)).status).toBe(200);
  });

  it("takes a challenge only for whom, where and what it was made", async () => {
    const device = createSoftwareAuthenticator(PAGE);
    const { token } = await server.guest();
    const options = await creationOptions(token);
    const challenges = [
      (await creationOptions((await server.guest()).token)).challenge,
      (await creationOptions(token, OTHER_PAGE)).challenge,
      (await requestOptions()).challenge,
    ];
    for (const challenge of challenges) {
      const response = await device.create({ ...options, challenge });
      expect(codeOf(await post("register", { token, body: { response } }))).toBe("422 passkey-refused");
    }
  });

  it("is not done twice with one answer, nor after five minutes", async () => {
    const { token } = await server.guest();
    const device = createSoftwareAuthenticator(PAGE);
    const response = await device.create(await creationOptions(token));
    const both = await Promise.all([1, 2].map(() => post("register", { token, body: { response } })));
    expect(statusesOf(both)).toEqual([201, 422]);
    const late = await device.create(await creationOptions(token));
    clock.jump(5 * 60_000);
    expect(codeOf(await post("register", { token, body: { response: late } }))).toBe("422 passkey-refused");
  });

  it("never takes a credential that somebody has", async () => {
    const { token, device } = await openAccount();
    const [{ id }] = await passkeysOf(token);
    const stored = await server.app.repositories.passkeys.get(id);
    expect(await server.app.repositories.passkeys.add({ ...stored!, userId: "another" })).toBe(false);
    expect((await signIn(device)).status).toBe(200);
  });

  it("ends at ten passkeys, however many are registered at once", async () => {
    const { token } = await server.guest();
    const responses = await Promise.all(
      Array.from({ length: 12 }, async () =>
        createSoftwareAuthenticator(PAGE).create(await creationOptions(token)),
      ),
    );
    const answers = await Promise.all(
      responses.map((response) => post("register", { token, body: { response } })),
    );
    expect(answers.filter(({ status }) => status === 201)).toHaveLength(10);
    expect(codeOf(await post("register-options", { token }))).toBe("422 too-many-passkeys");
  });

  it("is not for operators, nor for those whom a game signs in", async () => {
    const claims = { iss: "game", aud: "parley", sub: "player", exp: 4_000_000_000 };
    const player = await new SignJWT(claims)
      .setProtectedHeader({ alg: "HS256" })
      .sign(new TextEncoder().encode(GAME_SECRET));
    for (const token of [player, await server.operator()]) {
      expect(codeOf(await post("register-options", { token }))).toBe("422 guests-only");
      const response = await createSoftwareAuthenticator(PAGE).create(
        await creationOptions((await server.guest()).token),
      );
      expect(codeOf(await post("register", { token, body: { response } }))).toBe("422 guests-only");
    }
    expect(codeOf(await post("register-options"))).toBe("401 token-missing");
  });
});

describe("where passkeys cannot be", () => {
  it.each([
    ["http://127.0.0.1:5173", "422 passkeys-unavailable"],
    ["http://[::1]:5173", "422 passkeys-unavailable"],
    [PLAIN_PAGE, "422 passkeys-unavailable"],
    ["https://evil.example", "403 foreign-origin"],
  ])("a page of %s is told %s", async (page, refusal) => {
    const { token } = await server.guest();
    expect(codeOf(await post("sign-in-options", { page }))).toBe(refusal);
    expect(codeOf(await post("register-options", { page, token }))).toBe(refusal);
  });

  it("a program without a page is told so", async () => {
    const answer = await server.call("POST /api/auth/passkey/sign-in-options");
    expect(codeOf(answer)).toBe("422 passkeys-unavailable");
  });
});

describe("what is no answer of a passkey", () => {
  it.each([
    [{}],
    [{ response: null }],
    [{ response: { id: "a", rawId: "a", type: "public-key", response: {} } }],
    [{ response: { id: "not base64url!", rawId: "a", type: "public-key" } }],
  ])("is refused: %j", async (body) => {
    const { token } = await server.guest();
    expect(codeOf(await post("register", { token, body }))).toBe("400 invalid-body");
    expect(codeOf(await post("sign-in", { body }))).toBe("400 invalid-body");
  });

  it.each([["AA"], ["bm90IGpzb24"], [Buffer.from("null").toString("base64url")]])(
    "is refused when all of it is %j",
    async (junk) => {
      const { token } = await server.guest();
      const named = { id: junk, rawId: junk, type: "public-key" };
      const attestation = { clientDataJSON: junk, attestationObject: junk };
      const assertion = { clientDataJSON: junk, authenticatorData: junk, signature: junk };
      const registered = await post("register", {
        token,
        body: { response: { ...named, response: attestation } },
      });
      const signedIn = await post("sign-in", { body: { response: { ...named, response: assertion } } });
      expect([codeOf(registered), codeOf(signedIn)]).toEqual(["422 passkey-refused", "422 passkey-refused"]);
    },
  );
});

describe("a person's rights", () => {
  it("the export names my passkeys without their keys", async () => {
    const { token, device } = await openAccount();
    clock.jump(1);
    const response = await device.create(await creationOptions(token));
    await post("register", { token, body: { response, label: " My phone " } });
    const { body } = await server.call("GET /api/me/export", { token });
    expect(body.passkeys).toEqual(await passkeysOf(token));
    expect(body.passkeys.map(({ label }: { label: string }) => label)).toEqual(["Passkey", "My phone"]);
  });

  it("erasing me takes my passkeys along, also one that is just being made", async () => {
    const { token, id, device } = await openAccount();
    const [passkey] = await server.app.repositories.passkeys.listByUser(id);
    const response = await createSoftwareAuthenticator(PAGE).create(await creationOptions(token));
    const registering = post("register", { token, body: { response } });
    const [erased] = await Promise.all([server.call("DELETE /api/me", { token }), registering]);
    expect(erased.status).toBe(204);
    expect(await server.app.repositories.passkeys.listByUser(id)).toEqual([]);
    expect(codeOf(await signIn(device))).toBe("422 passkey-unknown");
    // Erased, not only unreadable: somebody else may have the credential now.
    const { id: otherId } = await server.guest();
    expect(await server.app.repositories.passkeys.add({ ...passkey!, userId: otherId })).toBe(true);
  });
});
