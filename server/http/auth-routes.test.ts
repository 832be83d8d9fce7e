import { decodeJwt, SignJWT, UnsecuredJWT } from "jose";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { ErrorBody } from "#schema/api.ts";
import {
  ADMIN_PASSWORD,
  createStillClock,
  JWT_SECRET,
  openTestServer,
  type TestServer,
} from "../testing/open-test-server.ts";

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

const clock = createStillClock();
let server: TestServer;
beforeAll(async () => {
  server = await openTestServer({ clock });
});
afterAll(() => server.close());

const errorOf = (body: unknown): string => ErrorBody.parse(body).error.code;
const me = (token: string) => server.call("GET /api/me", { token });
const renew = (token: string) => server.call("POST /api/auth/renew", { token });

const sign = (claims: Record<string, unknown>, secret: string = JWT_SECRET, alg = "HS256") =>
  new SignJWT(claims).setProtectedHeader({ alg }).sign(new TextEncoder().encode(secret));

/** The claims of a token that would be good if it were signed rightly. */
const goodClaims = async () => ({ ...decodeJwt((await server.guest()).token) });

describe("becoming a guest", () => {
  it("gives a token and five chatlings", async () => {
    const { status, body, headers } = await server.call("POST /api/auth/guest", { body: { name: " Ada " } });
    expect(status).toBe(201);
    expect(headers.get("cache-control")).toBe("no-store");
    expect(body.user).toEqual({ id: expect.any(String), name: "Ada", role: "user" });
    const chatlings = await server.call("GET /api/me/chatlings", { token: body.token });
    expect(chatlings.body.items).toHaveLength(5);
  });

  it("needs no body", async () => {
    const { status, body } = await server.call("POST /api/auth/guest");
    expect(status).toBe(201);
    expect(body.user.name).toBe("Guest");
  });

  it.each([
    [{ name: "" }],
    [{ name: "   " }],
    [{ name: "x".repeat(41) }],
    [{ name: 7 }],
    [{ name: null }],
    [{ role: "admin" }],
    [[]],
  ])("refuses %j and makes nobody", async (body) => {
    const before = await server.app.repositories.users.count();
    const answer = await server.call("POST /api/auth/guest", { body });
    expect([answer.status, errorOf(answer.body)]).toEqual([400, "invalid-body"]);
    expect(await server.app.repositories.users.count()).toBe(before);
  });
});

describe("the operator", () => {
  it("may sign in for the very first time on several machines at once", async () => {
    const login = () => server.call("POST /api/auth/admin", { body: { password: ADMIN_PASSWORD } });
    const answers = await Promise.all([login(), login(), login()]);
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 200]);
  });

  it("comes in with the password", async () => {
    const { status, body } = await server.call("POST /api/auth/admin", {
      body: { password: ADMIN_PASSWORD },
    });
    expect([status, body.user.role]).toEqual([200, "admin"]);
    expect((await server.call("GET /api/admin/pool", { token: body.token })).status).toBe(200);
  });

  it.each([["wrong"], [""], [`${ADMIN_PASSWORD} `]])("is not taken for real with %j", async (password) => {
    const { status, body } = await server.call("POST /api/auth/admin", { body: { password } });
    expect([status, errorOf(body)]).toEqual([401, "wrong-password"]);
  });

  it("has sessions of eight hours, which only a live one can prolong", async () => {
    const token = await server.operator();
    clock.jump(8 * HOUR_MS - 1000);
    const renewed = await renew(token);
    expect(renewed.status).toBe(200);
    clock.jump(1000);
    expect(errorOf((await renew(token)).body)).toBe("token-expired");
    expect((await me(renewed.body.token)).status).toBe(200);
  });
});

describe("a token", () => {
  it("is refused when it is missing", async () => {
    const { status, body, headers } = await server.call("GET /api/me");
    expect([status, errorOf(body)]).toEqual([401, "token-missing"]);
    expect(headers.get("www-authenticate")).toBe("Bearer");
  });

  it("is refused when it is anything but ours", async () => {
    const claims = await goodClaims();
    const expiresAt = Math.floor(clock.nowMs() / 1000) + 60;
    const bad = [
      "garbage",
      "a.b.c",
      "x".repeat(5000),
      await sign(claims, "some other secret"),
      await sign(claims, JWT_SECRET, "HS512"),
      new UnsecuredJWT(claims).encode(),
      await sign({ ...claims, iss: "someone" }),
      await sign({ ...claims, iss: undefined }),
      await sign({ ...claims, sub: "nobody" }),
      await sign({ ...claims, sub: undefined }),
      await sign({ ...claims, at: undefined }),
      await sign({ ...claims, exp: undefined }),
      await sign({ ...claims, nbf: expiresAt }),
    ];
    for (const token of bad) {
      const { status, body } = await me(token);
      expect([token.slice(0, 20), status, errorOf(body)]).toEqual([token.slice(0, 20), 401, "token-invalid"]);
    }
    expect((await me(await sign(claims))).status).toBe(200);
  });

  it("gives its user's role and no other", async () => {
    const token = await sign({ ...(await goodClaims()), role: "admin" });
    expect((await me(token)).body.role).toBe("user");
    expect((await server.call("GET /api/admin/pool", { token })).status).toBe(403);
  });

  it("lasts a day, and can be renewed for 30 days more", async () => {
    const { token, id } = await server.guest();
    clock.jump(DAY_MS - 1000);
    expect((await me(token)).status).toBe(200);
    clock.jump(1000);
    const { status, body } = await me(token);
    expect([status, errorOf(body)]).toEqual([401, "token-expired"]);

    clock.jump(30 * DAY_MS - 1000);
    const renewed = await renew(token);
    expect([renewed.status, renewed.body.user.id]).toEqual([200, id]);
    expect((await me(renewed.body.token)).status).toBe(200);

    clock.jump(1000);
    const late = await renew(token);
    expect([late.status, errorOf(late.body)]).toEqual([401, "token-expired"]);
  });

  it("can be renewed while it is good", async () => {
    const { token, id } = await server.guest();
    expect((await renew(token)).body.user.id).toBe(id);
  });

  it("is of no use once it was revoked, not even to be renewed; a new one of the same user is", async () => {
    const { token, id } = await server.guest();
    const operator = await server.operator();
    const revoke = await server.call(`POST /api/admin/users/${id}/revoke`, { token: operator });
    expect(revoke.status).toBe(204);
    for (const { status, body } of [await me(token), await renew(token)]) {
      expect([status, errorOf(body)]).toEqual([401, "token-revoked"]);
    }
    clock.jump(1);
    const later = await sign({ ...decodeJwt(token), at: clock.nowMs() });
    expect((await me(later)).status).toBe(200);
  });

  it("dies with its user", async () => {
    const { token } = await server.guest();
    expect((await server.call("DELETE /api/me", { token })).status).toBe(204);
    for (const { status, body } of [await me(token), await renew(token)]) {
      expect([status, errorOf(body)]).toEqual([401, "token-invalid"]);
    }
  });
});
