import { execFile } from "node:child_process";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { afterEach, expect, test } from "vitest";
import { makeTemporaryDirectory } from "#data/temporary-directory.fixture.ts";
import { endProcesses, startProcess } from "./testing/start-process.ts";

const pathOf = (name: string): string => fileURLToPath(new URL(name, import.meta.url));
/** For `localhost` alone, made for these tests, good until 2126 and trusted by nobody. */
const TLS_CERT = pathOf("testing/localhost.fixture-cert.pem");
const TLS_KEY = pathOf("testing/localhost.fixture-key.pem");

afterEach(() => endProcesses());

test("with a certificate, visitors come by HTTPS and WSS, and nobody by HTTP", async () => {
  const server = startProcess(makeTemporaryDirectory(), { TLS_CERT, TLS_KEY, PLAYBACK_SPEED: "20" });
  const url = await server.url;
  expect(url).toMatch(/^https:/);
  await expect(fetch(`${url.replace("https:", "http:")}/health`)).rejects.toThrow("fetch failed");
  const { stdout } = await promisify(execFile)(process.execPath, [pathOf("tls-visitor.fixture.ts"), url], {
    env: { PATH: process.env["PATH"] ?? "", NODE_EXTRA_CA_CERTS: TLS_CERT },
    timeout: 20_000,
  });
  const { conversationId, played, text } = JSON.parse(stdout) as Record<string, unknown>;
  expect(conversationId).toMatch(/\S/);
  expect(played).toBeGreaterThanOrEqual(2);
  expect(text).toMatch(/\S/);
  expect(await server.end("SIGTERM")).toBe(0);
});

test("a certificate that cannot be read ends the start with one line that names the variables", async () => {
  const dataDir = makeTemporaryDirectory();
  const server = startProcess(dataDir, { TLS_CERT: join(dataDir, "missing.pem"), TLS_KEY });
  expect(await server.ended).toBe(1);
  expect(server.err() + server.out()).toContain("TLS_CERT and TLS_KEY: the files cannot be used");
});
