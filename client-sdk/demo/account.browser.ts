/**
 * Staying oneself, in a real Chromium with a virtual authenticator, on the page a running server serves: passkeys and
 * codes on the screen called You, and what the page reports of itself. `BASE_URL`, `SCREENSHOT_DIR` (none taken
 * without it) and `CHROMIUM_PATH` say where. Run it with Node itself; the exit status tells.
 */
import assert from "node:assert/strict";
import { test } from "node:test";
import type { BrowserContextOptions, Page } from "playwright-core";
import { addAuthenticator } from "./testing/add-authenticator.ts";
import { findProblems } from "./testing/find-problems.ts";
import { DESKTOP, PHONE, type Visit } from "./testing/open-chromium.ts";
import { focused, lines, place, press, toast } from "./testing/page-parts.ts";
import { createTestBrowser } from "./testing/test-browser.ts";

const { visit, picture } = createTestBrowser(process.env);

/** Someone new on the screen called You, on a device that can make passkeys. */
async function openYou(options: BrowserContextOptions): Promise<Visit> {
  const device = await visit({ ...options, reducedMotion: "reduce" });
  await addAuthenticator(device.page);
  await place(device.page, "You").click();
  await isAnonymous(device.page);
  return device;
}

/** The browser notes every refused call in its console. */
const REFUSED = "status of 422";

const isAnonymous = (page: Page) => page.getByText("You have no passkey yet.").waitFor();
const alertOf = (page: Page, text: string) => page.getByRole("alert").getByText(text).waitFor();

/** Waits until whoever the page takes me for has this name. */
const isNamed = (page: Page, name: string) =>
  page.waitForFunction(
    (name) => document.querySelector<HTMLInputElement>(".settings .field")?.value === name,
    name,
  );

async function takeName(page: Page, name: string): Promise<void> {
  await page.getByLabel("Your name").fill(name);
  await press(page, "Save name");
  await page.locator(".screens > .toast", { hasText: `You are ${name} now.` }).waitFor();
}

async function makePasskey(page: Page, label: string): Promise<void> {
  await page.getByLabel("Name of the passkey").fill(label);
  await press(page, "Make a passkey");
  await page.locator(".passkey", { hasText: label }).waitFor();
}

/** The browser has lost what it kept, and takes me for someone new. */
async function forget(page: Page): Promise<void> {
  await page.evaluate(() => localStorage.clear());
  await page.reload();
  await isAnonymous(page);
}

async function showCode(page: Page): Promise<string> {
  await page.getByRole("button", { name: /^Show a/ }).click();
  await page.getByText(/Good for one device, for another (10:00|9:5\d)\./).waitFor();
  return (await page.locator(".link-code").textContent()) ?? "";
}

async function inspect(page: Page, name: string): Promise<void> {
  await picture(page, `account-${name}`);
  assert.deepEqual(await findProblems(page), [], name);
}

void test("a passkey brings me back to a device that forgot me, after asking what becomes of its guest", async () => {
  const device = await openYou(PHONE);
  const { page } = device;
  await takeName(page, "Ada");
  await makePasskey(page, "My phone");
  await inspect(page, "passkeys");
  await forget(page);
  await press(page, "Sign in with a passkey");
  assert.equal(await focused(page), "No, stay as I am");
  await inspect(page, "question");
  await page.keyboard.press("Escape");
  assert.equal(await focused(page), "Sign in with a passkey");
  await page.keyboard.press("Enter");
  await page.keyboard.press("Tab");
  assert.equal(await focused(page), "Yes, go on");
  await page.keyboard.press("Enter");
  await isNamed(page, "Ada");
  await page.locator(".passkey", { hasText: "My phone" }).waitFor();
  await device.close();
});

void test("a passkey is removed in two steps, and signs nobody in any more", async () => {
  const device = await openYou(DESKTOP);
  const { page } = device;
  await makePasskey(page, "Old laptop");
  await press(page, "Remove Old laptop");
  assert.equal(await focused(page), "No, keep it");
  await press(page, "No, keep it");
  await press(page, "Remove Old laptop");
  await press(page, "Yes, remove it");
  await isAnonymous(page);
  assert.equal(await focused(page), "Keep this account");
  await press(page, "Sign in with a passkey");
  await press(page, "Yes, go on");
  await alertOf(page, "This passkey belongs to nobody here.");
  await device.close(REFUSED);
});

void test("what a device cannot do is said in plain words", async () => {
  const device = await openYou(DESKTOP);
  const { page } = device;
  await press(page, "Sign in with a passkey");
  await press(page, "Yes, go on");
  await alertOf(page, "No passkey was chosen. Nothing has changed.");
  await makePasskey(page, "Laptop");
  await press(page, "Make a passkey");
  await alertOf(page, "This device has a passkey for you already.");
  await page.addInitScript(() => Reflect.deleteProperty(globalThis, "PublicKeyCredential"));
  await page.reload();
  await page.getByText("This browser cannot make passkeys here.").waitFor();
  assert.equal(await page.getByRole("button", { name: "Sign in with a passkey" }).count(), 0);
  assert.equal(await page.getByRole("button", { name: "Make a passkey" }).count(), 0);
  await device.close();
});

void test("a code carries me to a second device, once", async () => {
  const [phone, laptop] = [await openYou(PHONE), await openYou(DESKTOP)];
  await takeName(phone.page, "Grace");
  const code = await showCode(phone.page);
  assert.match(code, /^[0-9A-Z]{4}-[0-9A-Z]{4}$/);
  await inspect(phone.page, "code");
  await laptop.page.getByLabel("I have a code").fill(code.toLowerCase().replace("-", " "));
  await laptop.page.keyboard.press("Enter");
  assert.equal(await focused(laptop.page), "No, stay as I am");
  await press(laptop.page, "Yes, go on");
  await isNamed(laptop.page, "Grace");
  await laptop.page.getByLabel("I have a code").fill(code);
  await press(laptop.page, "Use the code");
  await press(laptop.page, "Yes, go on");
  await alertOf(laptop.page, "This code is wrong, was used, or has expired.");
  await isNamed(laptop.page, "Grace");
  await phone.close();
  await laptop.close(REFUSED);
});

void test("a code is copied as it is shown, and whoever has a passkey is not asked before using one", async () => {
  const [phone, laptop] = [await openYou(PHONE), await openYou(DESKTOP)];
  await phone.page.context().grantPermissions(["clipboard-read", "clipboard-write"]);
  await takeName(phone.page, "Linus");
  const code = await showCode(phone.page);
  await press(phone.page, "Copy");
  await toast(phone.page, "The code is copied.").waitFor();
  assert.equal(await phone.page.evaluate(() => navigator.clipboard.readText()), code);
  await makePasskey(laptop.page, "Laptop");
  await laptop.page.getByLabel("I have a code").fill(code);
  await press(laptop.page, "Use the code");
  await isNamed(laptop.page, "Linus");
  await Promise.all([phone.close(), laptop.close()]);
});

void test("a code that has expired is not shown any longer", async () => {
  const device = await openYou(PHONE);
  const { page } = device;
  await page.clock.install();
  await showCode(page);
  await page.clock.fastForward(9 * 60_000);
  await page.getByText(/for another (1:00|0:5\d)\./).waitFor();
  await page.clock.fastForward(60_000);
  await toast(page, "The code has expired.").waitFor();
  assert.equal(await page.locator(".link-code").textContent(), "");
  assert.equal(await focused(page), "Show a code");
  await device.close();
});

void test("the page reports its errors by their class and how it loaded, and nothing else", async () => {
  const { page } = await visit(DESKTOP);
  // This visit is among those that report.
  await page.addInitScript(() => void (Math.random = () => 0.2));
  await page.reload();
  await lines(page).first().waitFor({ timeout: 30_000 });
  await page.evaluate(async () => {
    const fail = (): never => {
      throw new RangeError("Ann said a secret");
    };
    const seen = ["error", "unhandledrejection"].map(
      (type) => new Promise((resolve) => addEventListener(type, resolve, { once: true })),
    );
    setTimeout(fail);
    void Promise.resolve().then(fail);
    await Promise.all(seen);
  });
  // The SDK beneath reports for itself.
  const sending = page.waitForRequest(
    (asked) => asked.url().endsWith("/api/client-errors") && asked.postDataJSON().source === "page",
  );
  await page.evaluate(() => dispatchEvent(new Event("pagehide")));
  const request = await sending;
  const { version, reports, ...more } = request.postDataJSON() as Record<string, unknown> & {
    reports: { kind: string; code?: string; timings?: Record<string, number> }[];
  };
  assert.deepEqual(more, { source: "page", sampleRate: 0.25 });
  assert.match(String(version), /^[A-Z0-9]{8}$/);
  const told = reports.map(({ kind, code = "" }) => `${kind} ${code}`).sort();
  assert.deepEqual(told, ["load ", "rejection RangeError", "uncaught RangeError"]);
  const timings = reports.find(({ kind }) => kind === "load")?.timings ?? {};
  assert.deepEqual(Object.keys(timings).sort(), ["firstLineMs", "joinedMs", "readyMs", "responseMs"]);
  const inOrder = ["responseMs", "joinedMs", "firstLineMs"].map((step) => timings[step] ?? 0);
  assert.deepEqual(
    inOrder,
    inOrder.toSorted((one, other) => one - other),
  );
  assert.equal((await request.response())?.status(), 204);
  await page.context().close();
});
