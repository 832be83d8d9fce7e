import { randomUUID } from "node:crypto";
import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
// oxlint-disable-next-line no-restricted-imports -- a peer has a store of its own
import { DatabaseSync } from "node:sqlite";
import express from "express";
import { createVerifier } from "fast-jwt";
import { serveCalls } from "../process/serve-calls.ts";

/**
 * A plain Express route: it checks the token, writes one record durably, grouped per millisecond, and answers with a
 * body that Parley gave. It chooses nothing, casts nothing and knows nobody.
 */

interface Setup {
  readonly dataDir: string;
  readonly jwtSecret: string;
  /** Answers of Parley, as JSON. */
  readonly bodies: readonly string[];
}

const GROUP_MS = 1;

function openRecords(dataDir: string): (userId: string, body: object) => Promise<void> {
  const db = new DatabaseSync(join(dataDir, "peer.sqlite"));
  db.exec("PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;");
  db.exec("CREATE TABLE views (id TEXT PRIMARY KEY, user TEXT, conversation TEXT, at REAL, doc TEXT)");
  db.exec("CREATE UNIQUE INDEX seen ON views (user, conversation)");
  const insert = db.prepare("INSERT INTO views VALUES (?, ?, ?, ?, ?)");
  let waiting: { values: [string, string, string, number, string]; done: () => void }[] = [];

  function commit(): void {
    const group = waiting;
    waiting = [];
    db.exec("BEGIN IMMEDIATE");
    for (const { values } of group) insert.run(...values);
    db.exec("COMMIT");
    for (const { done } of group) done();
  }

  return (userId, { conversation }: { conversation?: { conversation_id: string; participants: unknown } }) =>
    new Promise((done) => {
      const { conversation_id: conversationId = "", participants } = conversation ?? {};
      const id = randomUUID();
      const viewedAtMs = Date.now();
      const doc = JSON.stringify({ id, userId, conversationId, cast: participants, viewedAtMs });
      waiting.push({ values: [id, userId, `${conversationId}:${id}`, viewedAtMs, doc], done });
      if (waiting.length === 1) setTimeout(commit, GROUP_MS);
    });
}

async function listen({ dataDir, jwtSecret, bodies }: Setup): Promise<number> {
  const record = openRecords(dataDir);
  const verify = createVerifier({ key: Buffer.from(jwtSecret), algorithms: ["HS256"], allowedIss: "parley" });
  const answers = bodies.map((body): object => JSON.parse(body));
  let next = 0;
  const app = express();
  app.disable("x-powered-by");
  // oxlint-disable-next-line oxc/no-async-endpoint-handlers -- Express 5 forwards rejections
  app.get("/api/chatroom/conversation", async (request, response) => {
    const token = /^Bearer (\S+)$/.exec(request.headers.authorization ?? "")?.[1] ?? "";
    const payload = verify(token) as { sub: string };
    const answer = answers[next++ % answers.length] as object;
    await record(payload.sub, answer);
    response.setHeader("Cache-Control", "no-store").json(answer);
  });
  const server = createServer(app).listen(0, "127.0.0.1");
  await once(server, "listening");
  return (server.address() as AddressInfo).port;
}

serveCalls({ listen });
