import { afterAll, beforeAll, expect, it } from "vitest";
import { openTestServer, type TestServer } from "../testing/open-test-server.ts";

let server: TestServer;
beforeAll(async () => {
  server = await openTestServer({ env: { RATE_LIMIT_SCALE: "1", TRUST_PROXY: "1" } });
});
afterAll(() => server.close());

const redeemFrom = async (address: string, code = "00000000") => {
  const headers = { "X-Forwarded-For": address };
  return (await server.call("POST /api/auth/link/redeem", { body: { code }, headers })).status;
};

it("guessing is bounded for each address, and for all of them together", async () => {
  const { token } = await server.guest();
  const { code } = (await server.call("POST /api/auth/link", { token })).body;
  const fromOne: number[] = [];
  for (let i = 0; i < 12; i++) fromOne.push(await redeemFrom("10.0.0.1"));
  expect(fromOne).toEqual([...Array<number>(10).fill(422), 429, 429]);

  const fromMany: number[] = [];
  for (let i = 0; i < 300; i++) fromMany.push(await redeemFrom(`10.1.${i >> 8}.${i & 255}`));
  expect(fromMany).toEqual([...Array<number>(290).fill(422), ...Array<number>(10).fill(429)]);
  // While guessing goes on not even the right code is looked at.
  expect(await redeemFrom("10.0.0.2", code)).toBe(429);
});

it("one person makes ten codes a minute", async () => {
  const { token } = await server.guest();
  const make = async () => (await server.call("POST /api/auth/link", { token })).status;
  const statuses: number[] = [];
  for (let i = 0; i < 11; i++) statuses.push(await make());
  expect(statuses).toEqual([...Array<number>(10).fill(201), 429]);
});
