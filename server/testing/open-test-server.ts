import { ColyseusSDK, type Room } from "@colyseus/sdk";
import type { ChatroomState } from "#schema/chatroom-state.ts";
import type { StoredConversation } from "#schema/stored/conversation.ts";
import type { Clock } from "#ai/clock.ts";
import { createApp, type App, type AppOptions } from "../app.ts";
import { readConfig } from "../config.ts";

export const ADMIN_PASSWORD = "open sesame, please";
export const JWT_SECRET = "a secret that only tests know";

export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  // What a test expects of a body, it says by what it reads of it.
  // oxlint-disable-next-line typescript/no-explicit-any
  readonly body: any;
}

export interface Call {
  readonly token?: string;
  /** Sent as JSON; a string is sent as it is. */
  readonly body?: unknown;
  readonly headers?: Record<string, string>;
}

export interface Guest {
  readonly token: string;
  readonly id: string;
}

/** The whole server on a loopback port of its own, with a caller for its API. */
export interface TestServer {
  readonly app: App;
  readonly url: string;
  call(line: `${string} /${string}`, call?: Call): Promise<Answer>;
  guest(name?: string): Promise<Guest>;
  /** Takes a seat in a chatroom. */
  join(token: string, options?: object): Promise<Room<unknown, ChatroomState>>;
  /** An operator's token. */
  operator(): Promise<string>;
  close(): Promise<void>;
}

export interface TestServerOptions extends AppOptions {
  /** Environment beyond the tests' own. */
  readonly env?: Record<string, string>;
  /** What the pool holds; it is not filled any further unless `fillPool` says so. */
  readonly conversations?: readonly StoredConversation[];
}

/** A clock that stands still, jumps when told, and never rings: no background job runs by it. */
export function createStillClock(nowMs = Date.UTC(2026, 0, 1)): Clock & { jump(byMs: number): void } {
  return { nowMs: () => nowMs, after: () => () => {}, jump: (byMs) => void (nowMs += byMs) };
}

/** Opens a server for tests; Colyseus allows one per process, and vitest gives each file a process. */
export async function openTestServer(options: TestServerOptions = {}): Promise<TestServer> {
  const { env, conversations = [], ...appOptions } = options;
  const config = readConfig({
    PORT: "0",
    HOST: "127.0.0.1",
    DATA_DIR: ":memory:",
    LOG_LEVEL: "silent",
    RATE_LIMIT_SCALE: "10000",
    ADMIN_PASSWORD,
    JWT_SECRET,
    ...env,
  });
  const app = await createApp(config, { fillPool: false, seed: "a test", ...appOptions });
  await app.repositories.conversations.insertMany(conversations);
  const url = `http://127.0.0.1:${(await app.listen()).port}`;

  async function call(line: string, { token, body, headers }: Call = {}): Promise<Answer> {
    const [method = "", path = ""] = line.split(/ (.*)/s);
    const response = await fetch(url + path, {
      method,
      redirect: "manual",
      headers: {
        ...(token !== undefined && { Authorization: `Bearer ${token}` }),
        ...(body !== undefined && { "Content-Type": "application/json" }),
        ...headers,
      },
      ...(body !== undefined && { body: typeof body === "string" ? body : JSON.stringify(body) }),
    });
    return { status: response.status, headers: response.headers, body: toBody(await response.text()) };
  }

  return {
    app,
    url,
    call,
    async guest(name) {
      const { body } = await call("POST /api/auth/guest", { body: name === undefined ? {} : { name } });
      return { token: body.token, id: body.user.id };
    },
    async join(token, options = {}) {
      const sdk = new ColyseusSDK(url.replace("http", "ws"));
      sdk.auth.token = token;
      const room = await sdk.joinOrCreate<ChatroomState>("chatroom", options);
      room.onMessage("*", () => {});
      return room;
    },
    operator: async () => (await app.auth.loginAdmin(ADMIN_PASSWORD)).token,
    close: () => app.close(),
  };
}

function toBody(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
