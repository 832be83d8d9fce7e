/**
 * The npm package in a real Chromium, as newcomers use it: the example page on a file server of its own, and the React
 * example bundled. `BASE_URL` says where Parley runs, `CHROMIUM_PATH` where the browser is. Run it with Node itself.
 */
import assert from "node:assert/strict";
import { once } from "node:events";
import { readFile } from "node:fs/promises";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { extname, join } from "node:path";
import { after, before, test } from "node:test";
import { build } from "esbuild";
import type { Browser, Locator, Page } from "playwright-core";
import { gatherErrors, openChromium } from "./demo/testing/open-chromium.ts";
import { installPackage, lendPackages, type InstalledPackage } from "./testing/install-package.ts";

const baseUrl = process.env["BASE_URL"] ?? "http://127.0.0.1:2567";
const LINE_WITHIN_MS = 30_000;
const TYPES: Record<string, string> = { ".html": "text/html", ".js": "text/javascript" };
const REACT_PAGE =
  '<!doctype html><title>React</title><div id="root"></div><script type="module" src="react.js"></script>';

let installed: InstalledPackage;
let browser: Browser;
let files: Server;
let address: string;

before(async () => {
  installed = await installPackage();
  await installed.example("page.html", baseUrl);
  await lendPackages(installed.project, ["react", "react-dom"]);
  await build({
    absWorkingDir: installed.project,
    entryPoints: [await installed.example("react.jsx", baseUrl)],
    outfile: "react.js",
    bundle: true,
    jsx: "automatic",
    format: "esm",
  });
  files = createServer((request, response) => {
    const path = request.url ?? "/";
    response.setHeader("content-type", TYPES[extname(path)] ?? "text/html");
    if (path === "/react.html") response.end(REACT_PAGE);
    else {
      readFile(join(installed.project, path)).then(
        (content) => response.end(content),
        () => response.writeHead(404).end(),
      );
    }
  }).listen(0, "localhost");
  await once(files, "listening");
  address = `http://localhost:${(files.address() as AddressInfo).port}`;
  browser = await openChromium(process.env["CHROMIUM_PATH"] ?? "/usr/bin/chromium");
});
after(async () => {
  await browser?.close();
  files?.close();
  await installed?.remove();
});

async function open(path: string): Promise<{ page: Page; errors: string[]; matchmakings: string[] }> {
  const page = await browser.newPage();
  const errors = gatherErrors(page);
  const matchmakings: string[] = [];
  page.on("request", (request) => {
    if (request.method() === "POST" && request.url().includes("/matchmake/"))
      matchmakings.push(request.url());
  });
  await page.goto(address + path);
  await page.locator("li").nth(1).waitFor({ timeout: LINE_WITHIN_MS });
  return { page, errors, matchmakings };
}

/** Another conversation is another seat, on a socket of its own. */
async function moveOn(page: Page, button: Locator): Promise<void> {
  const moved = page.waitForEvent("websocket");
  await button.click();
  await moved;
}

void test("the example page shows live lines without a bundler, and another conversation when asked", async () => {
  const { page, errors } = await open("/page.html");
  assert.match((await page.locator("li").first().textContent()) ?? "", /^.+: .+/);
  await moveOn(page, page.locator("#next"));
  const shown = await page.locator("li").count();
  await page.locator("li").nth(shown).waitFor({ timeout: LINE_WITHIN_MS });
  assert.deepEqual(errors, []);
  await page.close();
});

void test("the React example, in StrictMode, takes one seat, reacts and moves on", async () => {
  const { page, errors, matchmakings } = await open("/react.html");
  assert.equal(matchmakings.length, 1);
  await page.locator("li button").first().click();
  await page.locator('li button:not(:has-text("0"))').first().waitFor();
  await moveOn(page, page.getByText("Another conversation"));
  await page.locator("li").first().waitFor({ timeout: LINE_WITHIN_MS });
  assert.deepEqual(errors, []);
  await page.close();
});
