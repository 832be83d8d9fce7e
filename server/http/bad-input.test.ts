import { request } from "node:http";
import { connect } from "node:net";
import { gzipSync } from "node:zlib";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { ErrorBody } from "#schema/api.ts";
import { sampleConversation } from "#rooms/chatroom/testing/sample-conversation.ts";
import type { Answer, Call, Guest } from "../testing/call-api.ts";
import { openTestServer, type TestServer } from "../testing/open-test-server.ts";

let server: TestServer;
let me: Guest;
beforeAll(async () => {
  server = await openTestServer({
    conversations: [sampleConversation("a"), sampleConversation("b")],
    env: { ALLOWED_ORIGINS: "https://play.example" },
  });
  me = await server.guest();
});
afterAll(() => server.close());

const FOREIGN = { Origin: "https://evil.example" };

/** Status and code of an answer that must have the contract's shape. */
function refusalOf({ status, headers, body }: Answer): string {
  expect(headers.get("content-type")).toMatch(/^application\/json/);
  expect(headers.get("cache-control")).toBe("no-store");
  return `${status} ${ErrorBody.parse(body).error.code}`;
}

const post = (body: string | Buffer, headers: Record<string, string> = {}) =>
  fetch(`${server.url}/api/me/chatlings`, {
    method: "POST",
    headers: { Authorization: `Bearer ${me.token}`, "Content-Type": "application/json", ...headers },
    body: body as BodyInit,
  }).then(async (response): Promise<Answer> => ({
    status: response.status,
    headers: response.headers,
    body: await response.json(),
  }));

const good = JSON.stringify({ name: "Pip", personality: "shy" });

describe("a body", () => {
  it.each([
    ["cut off", '{"name":', "400 invalid-json"],
    ["not JSON", "name=Pip", "400 invalid-json"],
    ["a bare text", '"Pip"', "400 invalid-json"],
    ["null", "null", "400 invalid-json"],
    ["a list", "[]", "400 invalid-body"],
    ["with a key too many", '{"name":"Pip","personality":"shy","admin":true}', "400 invalid-body"],
    ["with a prototype", '{"name":"Pip","personality":"shy","__proto__":{"admin":true}}', "400 invalid-body"],
    ["too large", JSON.stringify({ name: "Pip", personality: "x".repeat(20_000) }), "413 body-too-large"],
    ["deeply nested", `{"name":${"[".repeat(8000)}${"]".repeat(8000)}}`, "400 invalid-body"],
  ])("that is %s is refused", async (_what, body, refusal) => {
    expect(refusalOf(await post(body))).toBe(refusal);
  });

  it("of another content type is refused", async () => {
    for (const type of [
      "text/plain",
      "application/x-www-form-urlencoded",
      "multipart/form-data; boundary=x",
    ]) {
      expect(refusalOf(await post(good, { "Content-Type": type }))).toBe("415 json-only");
    }
    expect(refusalOf(await post(good, { "Content-Type": "application/json; charset=latin-1" }))).toBe(
      "415 charset-unsupported",
    );
  });

  it("that is compressed counts by its true size", async () => {
    const bomb = gzipSync(JSON.stringify({ name: "Pip", personality: "x".repeat(5_000_000) }));
    expect(refusalOf(await post(bomb, { "Content-Encoding": "gzip" }))).toBe("413 body-too-large");
    expect(refusalOf(await post("no gzip", { "Content-Encoding": "gzip" }))).toBe("400 bad-request");
    expect(refusalOf(await post(good, { "Content-Encoding": "zip" }))).toBe("415 encoding-unsupported");
  });

  it("is not read of somebody who may not send it", async () => {
    const huge = "x".repeat(1_000_000);
    const call = (token?: string) =>
      server.call("POST /api/admin/chatlings/import", { body: huge, ...(token && { token }) });
    expect(refusalOf(await call())).toBe("401 token-missing");
    expect(refusalOf(await call(me.token))).toBe("403 operators-only");
  });

  it("that breaks off harms nobody", async () => {
    const { port, hostname } = new URL(server.url);
    const socket = connect(Number(port), hostname);
    const head = `POST /api/me/chatlings HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer ${me.token}\r\n`;
    socket.write(`${head}Content-Type: application/json\r\nContent-Length: 500\r\n\r\n{"name":`);
    socket.end();
    await new Promise((resolve) => socket.on("close", resolve).resume());
    expect((await server.call("GET /api/me", me)).status).toBe(200);
  });

  it("that was refused left nothing behind", async () => {
    const { items } = (await server.call("GET /api/me/chatlings", me)).body;
    expect(items).toHaveLength(5);
  });
});

describe("an address", () => {
  it.each([
    ["GET /api", "404 not-found"],
    ["GET /api/nothing", "404 not-found"],
    ["POST /api/nothing", "404 not-found"],
    ["GET /nothing", "404 not-found"],
    ["GET /api/me/chatlings/x/y", "404 not-found"],
    ["PATCH /api/me/chatlings/%E0%A4%A", "400 bad-request"],
    ["GET /%E0%A4%A", "404 not-found"],
    ["GET /%00", "404 not-found"],
    ["GET /..%2f..%2fpackage.json", "404 not-found"],
    ["GET /.env", "404 not-found"],
    ["PUT /api/me", "405 method-not-allowed"],
    ["POST /api/me", "405 method-not-allowed"],
    ["GET /api/auth/guest", "405 method-not-allowed"],
    ["DELETE /api/me/chatlings", "405 method-not-allowed"],
    ["DELETE /api/chatroom/conversation", "405 method-not-allowed"],
  ] as const)("%s is answered %s", async (line, refusal) => {
    expect(refusalOf(await server.call(line, me))).toBe(refusal);
  });

  it("says which methods it takes", async () => {
    const allow = async (line: `PUT /${string}`) => (await server.call(line, me)).headers.get("allow");
    expect(await allow("PUT /api/me")).toBe("GET, HEAD, PATCH, DELETE");
    expect(await allow("PUT /api/auth/guest")).toBe("POST");
    expect(await allow("PUT /api/chatroom/conversation")).toBe("GET");
  });

  it("with an id of nonsense finds nothing", async () => {
    const token = await server.operator();
    for (const id of [
      "%00",
      "%F0%9F%8C%99",
      "a%2Fb",
      "$where",
      "x".repeat(2000),
      "__proto__",
      "constructor",
    ]) {
      const answer = await server.call(`GET /api/admin/pool/conversations/${id}`, { token });
      expect(`${id.slice(0, 20)}: ${refusalOf(answer)}`).toBe(`${id.slice(0, 20)}: 404 not-found`);
      const patch = await server.call(`PATCH /api/me/chatlings/${id}`, { ...me, body: { name: "x" } });
      expect(refusalOf(patch)).toBe("404 not-found");
    }
  });

  it.each([
    ["limit=0", "invalid-query"],
    ["limit=201", "invalid-query"],
    ["limit=-1", "invalid-query"],
    ["limit=ten", "invalid-query"],
    ["limit=1.5", "invalid-query"],
    ["limit=5&limit=6", "invalid-query"],
    [`cursor=${"x".repeat(501)}`, "invalid-query"],
    ["cursor=x&cursor=y", "invalid-query"],
    ["cursor=nonsense", "invalid-cursor"],
    ["cursor=e30", "invalid-cursor"],
    ["cursor=%00", "invalid-cursor"],
    ["cursor=", "invalid-cursor"],
  ])("with the page %s is refused", async (query, code) => {
    expect(refusalOf(await server.call(`GET /api/topics?${query}`, me))).toBe(`400 ${code}`);
  });
});

describe("another site's page", () => {
  it("is refused everywhere but where it is allowed", async () => {
    for (const line of [
      "GET /",
      "GET /api/me",
      "POST /api/auth/guest",
      "GET /health",
      "GET /nothing",
    ] as const) {
      for (const origin of [
        "https://evil.example",
        "null",
        "https://play.example.evil.example",
        "nonsense",
      ]) {
        const answer = await server.call(line, { headers: { Origin: origin } });
        expect(refusalOf(answer)).toBe("403 foreign-origin");
        expect(answer.headers.get("access-control-allow-origin")).toBeNull();
      }
    }
  });

  it("is welcome from the allowed origin, and told so, with no credentials of the browser's", async () => {
    const headers = { Origin: "https://play.example" };
    const answer = await server.call("GET /api/me", { ...me, headers });
    expect(answer.status).toBe(200);
    expect(answer.headers.get("access-control-allow-origin")).toBe("https://play.example");
    expect(answer.headers.get("access-control-allow-credentials")).toBeNull();
    // Without it the page would be shown neither the server's time nor how long to wait.
    expect(answer.headers.get("access-control-expose-headers")).toBe("Date, Retry-After, Parley-Protocol");
    expect(answer.headers.get("vary")).toContain("Origin");
    const preflight = await server.call("OPTIONS /api/me", {
      headers: { ...headers, "Access-Control-Request-Method": "PATCH" },
    });
    expect(preflight.status).toBe(204);
    expect(preflight.headers.get("access-control-allow-methods")).toContain("PATCH");
    expect(preflight.headers.get("access-control-allow-headers")).toContain("Authorization");
  });

  it("cannot ask beforehand either", async () => {
    const preflight = await server.call("OPTIONS /api/me", {
      headers: { ...FOREIGN, "Access-Control-Request-Method": "PATCH" },
    });
    expect(preflight.status).toBe(403);
  });

  it("cannot open a socket", async () => {
    const upgrade = (origin?: string) =>
      new Promise<number>((resolve, reject) => {
        const headers = {
          Connection: "Upgrade",
          Upgrade: "websocket",
          "Sec-WebSocket-Version": "13",
          "Sec-WebSocket-Key": Buffer.alloc(16).toString("base64"),
          ...(origin && { Origin: origin }),
        };
        request(`${server.url}/x/y`, { headers })
          .on("response", (response) => resolve(response.resume().statusCode ?? 0))
          .on("upgrade", (response, socket) => {
            socket.destroy();
            resolve(response.statusCode ?? 0);
          })
          .on("error", reject)
          .end();
      });
    expect(await upgrade("https://evil.example")).toBe(403);
    expect(await upgrade("null")).toBe(403);
    expect(await upgrade("https://play.example")).toBe(101);
    expect(await upgrade(server.url)).toBe(101);
    expect(await upgrade()).toBe(101);
  });
});

describe("matchmaking", () => {
  /** The status and message of a refusal in Colyseus' own shape. */
  async function refusedJoin(path: string, call: Call): Promise<string> {
    const { status, body } = await server.call(`POST /matchmake/${path}`, call);
    expect(Object.keys(body).toSorted()).toEqual(["code", "error"]);
    return `${status} ${String(body.error).split(":")[0]}`;
  }
  const join = (call: Call) => refusedJoin("joinOrCreate/chatroom", { token: me.token, ...call });

  it.each([
    ["cut off", "{", "400 invalid-json"],
    ["empty", "", "400 invalid-json"],
    ["a list", "[]", "400 invalid-json"],
    ["null", "null", "400 invalid-json"],
    ["too large", `{"topicId":"${"x".repeat(20_000)}"}`, "413 body-too-large"],
    ["of unknown options", '{"seat":1}', "400 bad-options"],
    ["of options that are ours", '{"conversationId":"b"}', "400 bad-options"],
    ["of an unknown difficulty", '{"difficulty":"easy"}', "400 bad-options"],
    ["of a topic that is no text", '{"topicId":{"$ne":1}}', "400 bad-options"],
  ])("with a body that is %s is refused", async (_what, body, refusal) => {
    expect(await join({ body })).toBe(refusal);
  });

  it("refuses strangers, other sites and rooms that do not exist", async () => {
    expect(await refusedJoin("joinOrCreate/chatroom", { body: {} })).toBe("401 token-missing");
    expect(await refusedJoin("joinOrCreate/chatroom", { token: "garbage", body: {} })).toBe(
      "401 token-invalid",
    );
    expect(await join({ body: {}, headers: FOREIGN })).toBe("403 foreign-origin");
    for (const path of [
      "joinOrCreate/nothing",
      "joinById/nothing",
      "explode/chatroom",
      "reconnect/nothing",
    ]) {
      const { status, body } = await server.call(`POST /matchmake/${path}`, { ...me, body: {} });
      expect(status).toBeGreaterThanOrEqual(400);
      expect(`${path} ${body.error}`).toMatch(/^\S+ [a-z]+(-[a-z]+)*: /);
    }
  });

  it("says there is nothing left to somebody who has seen it all", async () => {
    const guest = await server.guest();
    for (let i = 0; i < 2; i++) await server.call("GET /api/chatroom/conversation", guest);
    expect(await join({ token: guest.token, body: {} })).toBe("404 no-conversation");
    expect(await join({ body: { topicId: "no-such-topic" } })).toBe("404 no-conversation");
  });

  it("goes on for everybody else after all that", async () => {
    const room = await server.join(me.token);
    expect(room.connection.isOpen).toBe(true);
    await room.leave();
  });
});
