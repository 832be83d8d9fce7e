import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { codeOf, createPasskeyPage, OTHER_PAGE, PAGE, statusesOf } from "../passkeys/passkey-page.fixture.ts";
import type { Lie } from "../passkeys/software-authenticator.fixture.ts";
import { createStillClock, openTestServer, type TestServer } from "../testing/open-test-server.ts";

const clock = createStillClock();
let server: TestServer;
beforeAll(async () => {
  server = await openTestServer({ clock, env: { ALLOWED_ORIGINS: [PAGE, OTHER_PAGE].join() } });
});
afterAll(() => server.close());

const { post, requestOptions, signIn, openAccount, passkeysOf } = createPasskeyPage(() => server);

describe("signing in by passkey", () => {
  it.each<[string, Lie]>([
    ["for another page", { origin: "https://evil.example" }],
    ["for another host", { rpId: "evil.example" }],
    ["to another challenge", { challenge: Buffer.alloc(54, 7).toString("base64url") }],
    ["of another kind", { type: "webauthn.create" }],
    ["for a page within another's", { topOrigin: "https://evil.example" }],
    ["without the person's presence", { flags: 0 }],
    ["in another's name", { userHandle: "c29tZWJvZHkgZWxzZQ" }],
    ["with a count that did not rise", { counter: 1 }],
    ["with a count that fell to nothing", { counter: 0 }],
  ])("is refused when the answer is %s", async (_what, lie) => {
    const { device } = await openAccount();
    expect(codeOf(await signIn(device, lie))).toBe("422 passkey-refused");
    expect((await signIn(device)).status).toBe(200);
  });

  it("is refused when the signature is another's or the signed was changed", async () => {
    const { device } = await openAccount();
    const { device: stranger } = await openAccount();
    const options = await requestOptions();
    const [mine, theirs] = [await device.get(options), await stranger.get(options)];
    const swapped = { ...mine, response: { ...mine.response, signature: theirs.response.signature } };
    const data = Buffer.from(mine.response.authenticatorData, "base64url");
    data[36]! += 1;
    const changed = {
      ...mine,
      response: { ...mine.response, authenticatorData: data.toString("base64url") },
    };
    for (const response of [swapped, changed]) {
      expect(codeOf(await post("sign-in", { body: { response } }))).toBe("422 passkey-refused");
    }
    expect((await post("sign-in", { body: { response: mine } })).status).toBe(200);
  });

  it("is done once with one answer, also when it is sent several times at once", async () => {
    const { device } = await openAccount();
    const response = await device.get(await requestOptions());
    const answers = await Promise.all([1, 2, 3].map(() => post("sign-in", { body: { response } })));
    expect(statusesOf(answers)).toEqual([200, 422, 422]);
    expect(codeOf(await post("sign-in", { body: { response } }))).toBe("422 passkey-refused");
  });

  it("is done once with one answer also where the device does not count", async () => {
    const { device } = await openAccount(false);
    const response = await device.get(await requestOptions());
    const answers = await Promise.all([1, 2].map(() => post("sign-in", { body: { response } })));
    expect(statusesOf(answers)).toEqual([200, 422]);
    expect((await signIn(device)).status).toBe(200);
  });

  it("is done by one of two devices that count alike, as a copy would", async () => {
    const { device } = await openAccount();
    const copied = async () => device.get(await requestOptions(), { counter: 7 });
    const responses = [await copied(), await copied()];
    const answers = await Promise.all(responses.map((response) => post("sign-in", { body: { response } })));
    expect(statusesOf(answers)).toEqual([200, 422]);
  });

  it("has five minutes", async () => {
    const { device } = await openAccount();
    const [inTime, late] = [
      await device.get(await requestOptions()),
      await device.get(await requestOptions()),
    ];
    clock.jump(5 * 60_000 - 1);
    expect((await post("sign-in", { body: { response: inTime } })).status).toBe(200);
    clock.jump(1);
    expect(codeOf(await post("sign-in", { body: { response: late } }))).toBe("422 passkey-refused");
  });

  it("works on pages of the host it was made for, and on no other", async () => {
    const { device } = await openAccount();
    const options = await requestOptions(OTHER_PAGE);
    expect(options.rpId).toBe("other.example");
    const lie = { origin: OTHER_PAGE, rpId: "other.example" };
    const response = await device.get({ ...options, rpId: "play.example" }, lie);
    const answer = await post("sign-in", { body: { response }, page: OTHER_PAGE });
    expect(codeOf(answer)).toBe("422 passkey-unknown");
  });

  it("knows no passkey that was taken away, and only its owner takes it", async () => {
    const { token, device } = await openAccount();
    const [{ id, ...rest }, ...more] = await passkeysOf(token);
    expect([rest, more]).toEqual([{ label: "Passkey", createdAtMs: clock.nowMs() }, []]);
    const other = await server.guest();
    const remove = (by: string) => server.call(`DELETE /api/me/passkeys/${id}`, { token: by });
    expect(codeOf(await remove(other.token))).toBe("404 not-found");
    expect((await remove(token)).status).toBe(204);
    expect(codeOf(await remove(token))).toBe("404 not-found");
    expect(codeOf(await signIn(device))).toBe("422 passkey-unknown");
  });
});
