import { once } from "node:events";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { exportJWK, exportSPKI, generateKeyPair, SignJWT, UnsecuredJWT, type JWK } from "jose";
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from "vitest";
import { createStillClock, openTestServer, type TestServer } from "./testing/open-test-server.ts";

const ISSUER = "https://game.example";
const claims = { iss: ISSUER, aud: "parley", sub: "player-1", exp: 4_000_000_000 };

/** One of the game's key pairs. */
async function makeKey(kid: string) {
  const pair = await generateKeyPair("RS256", { extractable: true });
  return {
    jwk: { ...(await exportJWK(pair.publicKey)), kid, alg: "RS256", use: "sig" },
    publicText: await exportSPKI(pair.publicKey),
    sign: (payload: Record<string, unknown>) =>
      new SignJWT(payload).setProtectedHeader({ alg: "RS256", kid }).sign(pair.privateKey),
  };
}

const clock = createStillClock(Date.now());
let keys: JWK[] = [];
let issuerStatus = 200;
let issuer: Server;
let server: TestServer;
let first: Awaited<ReturnType<typeof makeKey>>;

beforeAll(async () => {
  first = await makeKey("first");
  keys = [first.jwk];
  issuer = createServer((_request, response) => {
    response.writeHead(issuerStatus, { "Content-Type": "application/json" });
    response.end(JSON.stringify({ keys }));
  }).listen(0, "127.0.0.1");
  await once(issuer, "listening");
  server = await openTestServer({
    clock,
    env: {
      TRUSTED_ISSUER: ISSUER,
      TRUSTED_AUDIENCE: "parley",
      TRUSTED_JWKS_URL: `http://127.0.0.1:${(issuer.address() as AddressInfo).port}/keys`,
    },
  });
});
afterAll(async () => {
  issuer.close();
  await server.close();
});
afterEach(() => vi.useRealTimers());

const me = (token: string) => server.call("GET /api/me", { token });
const codeOf = async (token: string): Promise<string> => {
  const { status, body } = await me(token);
  return `${status} ${body.error?.code}`;
};
/** The key set's own cache goes by the machine's time. */
const pass = (ms: number) => vi.useFakeTimers({ toFake: ["Date"], now: Date.now() + ms });

describe("a trusted game's player", () => {
  it("is somebody here from the first request, with starters, however many requests come first", async () => {
    const token = await first.sign({ ...claims, sub: "player-0", name: "  Robin of Game  " });
    const answers = await Promise.all(
      Array.from({ length: 8 }, () => server.call("GET /api/me/chatlings", { token })),
    );
    expect(answers.map(({ status, body }) => [status, body.items.length])).toEqual(
      answers.map(() => [200, 5]),
    );
    expect((await me(token)).body).toMatchObject({ name: "Robin of Game", role: "user" });
  });

  it("is the same person with every token, and not the same as another subject", async () => {
    const again = await first.sign({ ...claims, jti: "2" });
    const other = await first.sign({ ...claims, sub: "player-2" });
    const id = (await me(await first.sign(claims))).body.id;
    expect((await me(again)).body.id).toBe(id);
    expect((await me(other)).body.id).not.toBe(id);
  });

  it("is a user, whatever roles the token claims", async () => {
    const token = await first.sign({ ...claims, role: "admin", roles: ["operator"], sub: "admin" });
    const { body } = await me(token);
    expect(body.role).toBe("user");
    expect(body.id).not.toBe("admin");
    expect((await server.call("GET /api/admin/pool", { token })).status).toBe(403);
  });

  it("cannot keep a game's tokens from being revoked", async () => {
    const sub = "player-3";
    const token = await first.sign({ ...claims, sub, iat: Math.floor(clock.nowMs() / 1000) });
    const { id } = (await me(token)).body;
    await server.call(`POST /api/admin/users/${id}/revoke`, { token: await server.operator() });
    expect(await codeOf(token)).toBe("401 token-revoked");
    const later = await first.sign({ ...claims, sub, iat: Math.ceil(clock.nowMs() / 1000) + 1 });
    expect((await me(later)).status).toBe(200);
  });

  it("can erase everything and come back as a new one", async () => {
    const token = await first.sign({ ...claims, sub: "player-4" });
    await server.call("PATCH /api/me", { token, body: { name: "Before" } });
    expect((await server.call("DELETE /api/me", { token })).status).toBe(204);
    expect((await me(token)).body.name).toBe("Player");
    expect((await server.call("GET /api/me/chatlings", { token })).body.items).toHaveLength(5);
    const made = await server.call("POST /api/me/chatlings", {
      token,
      body: { name: "Pip", personality: "shy" },
    });
    expect(made.status).toBe(201);
  });
});

describe("a game's token", () => {
  it("is refused when anything about it is wrong", async () => {
    const stranger = await makeKey("first");
    const hmac = (secret: string) =>
      new SignJWT(claims)
        .setProtectedHeader({ alg: "HS256", kid: "first" })
        .sign(new TextEncoder().encode(secret));
    const bad = {
      audience: await first.sign({ ...claims, aud: "another game" }),
      issuer: await first.sign({ ...claims, iss: "https://other.example" }),
      "no subject": await first.sign({ ...claims, sub: undefined }),
      "empty subject": await first.sign({ ...claims, sub: "" }),
      "subject that is no text": await first.sign({ ...claims, sub: 7 }),
      "no end": await first.sign({ ...claims, exp: undefined }),
      signature: await stranger.sign(claims),
      "public key as a secret": await hmac(first.publicText),
      "public key's parts as a secret": await hmac(JSON.stringify(first.jwk)),
      unsigned: new UnsecuredJWT(claims).encode(),
      "unknown key": await (await makeKey("unknown")).sign(claims),
    };
    for (const [what, token] of Object.entries(bad)) {
      expect(`${what}: ${await codeOf(token)}`).toBe(`${what}: 401 token-invalid`);
    }
    const old = await first.sign({ ...claims, exp: Math.floor(clock.nowMs() / 1000) - 1 });
    expect(await codeOf(old)).toBe("401 token-expired");
  });

  it("may be signed by a key the game began to use since", async () => {
    const second = await makeKey("second");
    keys = [first.jwk, second.jwk];
    const token = await second.sign(claims);
    pass(60_000);
    expect((await me(token)).status).toBe(200);
    expect((await me(await first.sign(claims))).status).toBe(200);
  });

  it("cannot be judged while the game's keys cannot be had, and can again afterwards", async () => {
    const third = await makeKey("third");
    keys = [third.jwk];
    const token = await third.sign(claims);
    for (const status of [500, 404]) {
      issuerStatus = status;
      pass(60_000 * status);
      const answer = await me(token);
      expect([answer.status, answer.body.error.code]).toEqual([503, "issuer-unreachable"]);
      expect(Number(answer.headers.get("retry-after"))).toBeGreaterThan(0);
    }
    issuerStatus = 200;
    expect((await me(token)).status).toBe(200);

    const { port } = issuer.address() as AddressInfo;
    issuer.closeAllConnections();
    issuer.close();
    await once(issuer, "close");
    pass(3_600_000);
    expect(await codeOf(token)).toBe("503 issuer-unreachable");
    issuer.listen(port, "127.0.0.1");
    await once(issuer, "listening");
    expect((await me(token)).status).toBe(200);
  });

  it("leaves our own tokens as they are", async () => {
    expect((await me((await server.guest()).token)).status).toBe(200);
  });
});
