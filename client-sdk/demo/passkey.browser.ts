/**
 * Passkeys and link codes by the SDK, in a real Chromium with a virtual authenticator, on the page a running server
 * serves: `BASE_URL` and `CHROMIUM_PATH` say where. Run it with Node itself; the exit status tells.
 */
import assert from "node:assert/strict";
import { before, test } from "node:test";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import type { BrowserContextOptions, JSHandle } from "playwright-core";
import type { ParleyClient } from "../create-client.ts";
import { addAuthenticator } from "./testing/add-authenticator.ts";
import { DESKTOP, PHONE, type Visit } from "./testing/open-chromium.ts";
import { createTestBrowser } from "./testing/test-browser.ts";

const { visit } = createTestBrowser(process.env);
let sdk: string;

before(async () => {
  const { outputFiles } = await build({
    entryPoints: [fileURLToPath(new URL("../create-client.ts", import.meta.url))],
    bundle: true,
    write: false,
    format: "iife",
    globalName: "parley",
    alias: { msgpackr: "msgpackr/index-no-eval" },
    logLevel: "warning",
  });
  sdk = outputFiles[0]?.text ?? "";
});

/** A page of a new guest, with an SDK of its own, on a device that can make passkeys. */
interface Device extends Visit {
  client: JSHandle<ParleyClient>;
}

async function openDevice(options: BrowserContextOptions): Promise<Device> {
  const device = await visit(options);
  await addAuthenticator(device.page);
  const client = await device.page.evaluateHandle<ParleyClient>(
    `${sdk}\nparley.createClient({ url: location.origin });`,
  );
  return { ...device, client };
}

/** The browser notes every refused call in its console. */
const REFUSED = "status of 422";
const whoAmI = ({ client }: Device) => client.evaluate(async (sdk) => (await sdk.me.get()).id);

/** What a call of the SDK failed with. */
const failureOf = ({ client }: Device, call: "register" | "signIn") =>
  client.evaluate(
    (sdk, call) =>
      sdk.auth.passkey[call]().then(
        () => "nothing",
        (error: { code: string }) => error.code,
      ),
    call,
  );

void test("a passkey brings the account back in place of a new guest", async () => {
  const device = await openDevice(PHONE);
  const { client } = device;
  const id = await whoAmI(device);
  assert.equal(await client.evaluate((sdk) => sdk.auth.passkey.supported()), true);
  const made = await client.evaluate((sdk) => sdk.auth.passkey.register({ label: "Phone" }));
  assert.deepEqual(await client.evaluate((sdk) => sdk.auth.passkey.list()), [made]);
  await client.evaluate((sdk) => sdk.auth.guest());
  assert.notEqual(await whoAmI(device), id);
  await client.evaluate((sdk) => sdk.auth.passkey.signIn());
  assert.equal(await whoAmI(device), id);
  await device.close();
});

void test("one device holds one passkey for an account", async () => {
  const device = await openDevice(DESKTOP);
  await device.client.evaluate((sdk) => sdk.auth.passkey.register());
  assert.equal(await failureOf(device, "register"), "passkey-exists");
  await device.close();
});

void test("where nothing is chosen, the account in use stays", async () => {
  const device = await openDevice(DESKTOP);
  const id = await whoAmI(device);
  assert.equal(await failureOf(device, "signIn"), "passkey-cancelled");
  assert.equal(await whoAmI(device), id);
  await device.close();
});

void test("a code carries the account to a second device, once", async () => {
  const [phone, laptop] = [await openDevice(PHONE), await openDevice(DESKTOP)];
  const { code } = await phone.client.evaluate((sdk) => sdk.auth.link.create());
  await laptop.client.evaluate((sdk, code) => sdk.auth.link.redeem(code), code);
  assert.equal(await whoAmI(laptop), await whoAmI(phone));
  const again = await laptop.client.evaluate(
    (sdk, code) =>
      sdk.auth.link.redeem(code).then(
        () => "nothing",
        (error: { code: string }) => error.code,
      ),
    code,
  );
  assert.equal(again, "link-code-invalid");
  await phone.close();
  await laptop.close(REFUSED);
});
