import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createSoftwareAuthenticator } from "#server/passkeys/software-authenticator.fixture.ts";
import { openTestServer, type TestServer } from "#server/testing/open-test-server.ts";
import { createMemoryTokenStore } from "../token-store.ts";
import { createAuth } from "./auth.ts";
import type { Authenticator } from "./browser-authenticator.ts";
import { createHttpClient, type FetchLike } from "./http-client.ts";
import { createLinks } from "./links.ts";
import { createPasskeys } from "./passkeys.ts";

const PAGE = "http://localhost:5173";
let server: TestServer;
beforeAll(async () => {
  server = await openTestServer();
});
afterAll(() => server.close());

/** A device in place of the browser's own. */
function onPage(origin: string): Authenticator {
  const device = createSoftwareAuthenticator(origin);
  return { create: (options) => device.create(options), get: (options) => device.get(options) };
}

/** The SDK on a page, which names its origin as browsers do. */
function openDevice(authenticator?: Authenticator) {
  const tokens = createMemoryTokenStore();
  const send: FetchLike = (input, init) =>
    fetch(input, { ...init, headers: { ...(init.headers as Record<string, string>), origin: PAGE } });
  const http = createHttpClient({ url: server.url, fetch: send, tokens });
  return {
    tokens,
    auth: createAuth(http, tokens),
    passkey: createPasskeys(http, tokens, authenticator),
    link: createLinks(http, tokens),
  };
}

describe("passkeys", () => {
  it("bring back the account after signing out, with its token kept", async () => {
    const device = openDevice(onPage(PAGE));
    const me = await device.auth.guest({ name: "Ada" });
    const made = await device.passkey.register({ label: "My laptop" });
    expect(await device.passkey.list()).toEqual([made]);
    expect(made.label).toBe("My laptop");
    await device.auth.signOut();
    expect(await device.passkey.signIn()).toEqual(me);
    expect(await device.auth.renew()).toEqual(me);
  });

  it("that were taken away sign nobody in, and the token before stays", async () => {
    const device = openDevice(onPage(PAGE));
    await device.auth.guest();
    const { id } = await device.passkey.register();
    await device.passkey.remove(id);
    const before = device.tokens.read();
    await expect(device.passkey.signIn()).rejects.toMatchObject({ code: "passkey-unknown", status: 422 });
    expect(device.tokens.read()).toBe(before);
  });

  it("are refused with a code when the device answers for another page", async () => {
    const device = openDevice(onPage("https://evil.example"));
    await device.auth.guest();
    await expect(device.passkey.register()).rejects.toMatchObject({ code: "passkey-refused" });
  });

  it("are said to be unsupported outside browsers", async () => {
    const device = openDevice();
    await device.auth.guest();
    expect(device.passkey.supported()).toBe(false);
    await expect(device.passkey.register()).rejects.toMatchObject({ code: "passkey-unsupported" });
    await expect(device.passkey.signIn()).rejects.toMatchObject({ code: "passkey-unsupported" });
  });
});

describe("link codes", () => {
  it("carry the account to a second device", async () => {
    const [phone, laptop] = [openDevice(), openDevice()];
    const me = await phone.auth.guest({ name: "Ada" });
    const { code, expiresAtMs } = await phone.link.create();
    expect(expiresAtMs).toBeGreaterThan(Date.now());
    await laptop.auth.guest();
    expect(await laptop.link.redeem(code)).toEqual(me);
    expect(await laptop.auth.renew()).toEqual(me);
  });

  it("that are wrong are refused with a code, and the token before stays", async () => {
    const laptop = openDevice();
    await laptop.auth.guest();
    const before = laptop.tokens.read();
    await expect(laptop.link.redeem("00000000")).rejects.toMatchObject({ code: "link-code-invalid" });
    expect(laptop.tokens.read()).toBe(before);
  });
});
