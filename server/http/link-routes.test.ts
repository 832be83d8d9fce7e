import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { LinkCode } from "#schema/passkey.ts";
import { createStillClock, openTestServer, type TestServer } from "../testing/open-test-server.ts";

const clock = createStillClock();
let server: TestServer;
beforeAll(async () => {
  server = await openTestServer({ clock });
});
afterAll(() => server.close());

const redeem = (code: string) => server.call("POST /api/auth/link/redeem", { body: { code } });

async function createCode(token: string): Promise<LinkCode> {
  const { status, body } = await server.call("POST /api/auth/link", { token });
  expect(status).toBe(201);
  return body;
}

const statusesOf = (answers: { status: number }[]) =>
  answers.map(({ status }) => status).toSorted((a, b) => a - b);

const INVALID = [
  422,
  { error: { code: "link-code-invalid", message: "This code is wrong, was used, or has expired." } },
];
async function tryCode(code: string): Promise<unknown[]> {
  const { status, body } = await redeem(code);
  return [status, body];
}

describe("a link code", () => {
  it("signs a second device in as the same person, while the first stays", async () => {
    const { token, id } = await server.guest("Ada");
    const { code, expiresAtMs } = await createCode(token);
    expect(code).toMatch(/^[0-9A-HJKMNP-TV-Z]{8}$/);
    expect(expiresAtMs).toBe(clock.nowMs() + 10 * 60_000);
    const { status, body } = await redeem(code);
    expect([status, body.user]).toEqual([200, { id, name: "Ada", role: "user" }]);
    for (const each of [body.token, token]) {
      expect((await server.call("GET /api/me", { token: each })).body.id).toBe(id);
    }
  });

  it("may be typed as people type", async () => {
    const { token, id } = await server.guest();
    const { code } = await createCode(token);
    const typed = code.toLowerCase().replaceAll("0", "o").replaceAll("1", "l");
    expect((await redeem(` ${typed.slice(0, 4)}-${typed.slice(4)} `)).body.user.id).toBe(id);
  });

  it("gets one answer whether it is wrong, used, replaced, expired or no code at all", async () => {
    const { token } = await server.guest();
    const replaced = await createCode(token);
    const used = await createCode(token);
    await redeem(used.code);
    const expired = await createCode(token);
    clock.jump(10 * 60_000);
    for (const code of [replaced.code, used.code, expired.code, "00000000", "", "x", "💬".repeat(8)]) {
      expect(await tryCode(code)).toEqual(INVALID);
    }
  });

  it("is good until its last millisecond", async () => {
    const { token } = await server.guest();
    const { code } = await createCode(token);
    clock.jump(10 * 60_000 - 1);
    expect((await redeem(code)).status).toBe(200);
  });

  it("lets one in of several who come at once", async () => {
    const { token } = await server.guest();
    const { code } = await createCode(token);
    const answers = await Promise.all(Array.from({ length: 5 }, () => redeem(code)));
    expect(statusesOf(answers)).toEqual([200, 422, 422, 422, 422]);
  });

  it("opens nothing for tokens that were revoked after it was made", async () => {
    const { token, id } = await server.guest();
    const { code } = await createCode(token);
    const operator = await server.operator();
    await server.call(`POST /api/admin/users/${id}/revoke`, { token: operator });
    expect(await tryCode(code)).toEqual(INVALID);
  });

  it("dies with its user, also one that is just being made", async () => {
    const { token, id } = await server.guest();
    const { code } = await createCode(token);
    const [erased, made] = await Promise.all([
      server.call("DELETE /api/me", { token }),
      server.call("POST /api/auth/link", { token }),
    ]);
    expect(erased.status).toBe(204);
    expect(await tryCode(code)).toEqual(INVALID);
    expect(await tryCode(made.body.code ?? "none was made")).toEqual(INVALID);
    expect(await server.app.repositories.linkCodes.deleteByUser(id)).toBe(0);
  });

  it("is not made for operators, whose sessions end on the day", async () => {
    const { status, body } = await server.call("POST /api/auth/link", { token: await server.operator() });
    expect([status, body.error.code]).toEqual([422, "guests-only"]);
  });

  it("needs a token to be made, and a text to be redeemed", async () => {
    expect((await server.call("POST /api/auth/link")).status).toBe(401);
    for (const body of [{}, { code: 12_345_678 }, { code: "x".repeat(41) }, { code: "A", more: 1 }]) {
      expect((await server.call("POST /api/auth/link/redeem", { body })).status).toBe(400);
    }
  });
});
