// Follows conversations in a terminal, as the same person each time it is started. Ctrl+C leaves.
import { readFile, rm, writeFile } from "node:fs/promises";
import { createClient, ParleyError } from "@parley/client";

const tokenFile = new URL("./.parley-token", import.meta.url);
const client = createClient({
  url: "http://localhost:2567",
  tokenStore: {
    read: () => readFile(tokenFile, "utf8").catch(() => null),
    write: (token) =>
      token === null ? rm(tokenFile, { force: true }) : writeFile(tokenFile, token, { mode: 0o600 }),
  },
});

const leaving = new AbortController();
process.once("SIGINT", () => leaving.abort());

try {
  const session = await client.chatrooms.join({ difficulty: "simple", signal: leaving.signal });
  console.log(`On stage: ${session.snapshot.cast.map((member) => member.name).join(", ")}`);
  for await (const line of session) console.log(`${line.speaker.name}: ${line.text}`);
  if (session.snapshot.failure) throw session.snapshot.failure;
} catch (error) {
  if (!(error instanceof ParleyError)) throw error;
  console.error(`${error.code}: ${error.message}`);
  process.exitCode = 1;
}
