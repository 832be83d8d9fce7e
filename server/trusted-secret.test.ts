import { exportJWK, generateKeyPair, SignJWT } from "jose";
import { afterAll, beforeAll, expect, it } from "vitest";
import { JWT_SECRET, openTestServer, type TestServer } from "./testing/open-test-server.ts";

const SECRET = "what the game and Parley share";
const claims = { iss: "game", aud: "parley", sub: "player", exp: 4_000_000_000 };
let server: TestServer;
beforeAll(async () => {
  server = await openTestServer({
    env: { TRUSTED_ISSUER: "game", TRUSTED_AUDIENCE: "parley", TRUSTED_JWT_SECRET: SECRET },
  });
});
afterAll(() => server.close());

const sign = (payload: Record<string, unknown>, secret: string, alg = "HS256") =>
  new SignJWT(payload).setProtectedHeader({ alg }).sign(new TextEncoder().encode(secret));
const statusOf = async (token: string) => (await server.call("GET /api/me", { token })).status;

it("a game's tokens are accepted by the secret it shares with us", async () => {
  const { status, body } = await server.call("GET /api/me", { token: await sign(claims, SECRET) });
  expect([status, body.role]).toEqual([200, "user"]);
});

it("the shared secret is good for nothing else, and nothing else is good for it", async () => {
  const guest = (await server.guest()).id;
  const { privateKey, publicKey } = await generateKeyPair("RS256", { extractable: true });
  const asymmetric = new SignJWT(claims)
    .setProtectedHeader({ alg: "RS256", jwk: await exportJWK(publicKey) })
    .sign(privateKey);
  const ours = { iss: "parley", sub: guest, at: Date.now(), exp: claims.exp };
  expect(await statusOf(await sign(ours, JWT_SECRET))).toBe(200);
  for (const token of [
    await sign(ours, SECRET),
    await sign(claims, JWT_SECRET),
    await sign({ ...claims, aud: undefined }, SECRET),
    await sign(claims, SECRET, "HS512"),
    await asymmetric,
  ]) {
    expect(await statusOf(token)).toBe(401);
  }
});

it("a game's token cannot be renewed here: its game does that", async () => {
  const token = await sign(claims, SECRET);
  expect((await server.call("POST /api/auth/renew", { token })).status).toBe(401);
});
