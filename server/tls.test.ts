import { execFile } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { afterEach, beforeEach, expect, test } from "vitest";
import { endProcesses, startProcess } from "./testing/start-process.ts";

const pathOf = (name: string): string => fileURLToPath(new URL(name, import.meta.url));
/** For `localhost` alone, made for these tests, good until 2126 and trusted by nobody. */
const TLS_CERT = pathOf("testing/localhost.fixture-cert.pem");
const TLS_KEY = pathOf("testing/localhost.fixture-key.pem");

let dataDir: string;
beforeEach(() => {
  dataDir = mkdtempSync(join(tmpdir(), "parley-tls-"));
});
afterEach(async () => {
  await endProcesses();
  rmSync(dataDir, { recursive: true, force: true });
});

test("with a certificate, visitors come by HTTPS and WSS, and nobody by HTTP", async () => {
  const server = startProcess(dataDir, { TLS_CERT, TLS_KEY, PLAYBACK_SPEED: "20" });
  const { port } = new URL(await server.url);
  expect(server.out()).toContain(`https://localhost:${port}`);
  await expect(fetch(`http://127.0.0.1:${port}/health`)).rejects.toThrow("fetch failed");
  const visit = promisify(execFile)(
    process.execPath,
    [pathOf("tls-visitor.fixture.ts"), `https://localhost:${port}`],
    { env: { PATH: process.env["PATH"] ?? "", NODE_EXTRA_CA_CERTS: TLS_CERT }, timeout: 20_000 },
  );
  const { stdout } = await visit;
  const { conversationId, played, text } = JSON.parse(stdout) as Record<string, unknown>;
  expect(conversationId).toMatch(/\S/);
  expect(played).toBeGreaterThanOrEqual(2);
  expect(text).toMatch(/\S/);
  expect(await server.end("SIGTERM")).toBe(0);
});

test("a certificate that cannot be read ends the start with one line that names the variables", async () => {
  const server = startProcess(dataDir, { TLS_CERT: join(dataDir, "missing.pem"), TLS_KEY });
  expect(await server.ended).toBe(1);
  expect(server.err() + server.out()).toContain("TLS_CERT and TLS_KEY: the files cannot be used");
});
