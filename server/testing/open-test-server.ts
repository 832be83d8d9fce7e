import type { Room } from "@colyseus/sdk";
import type { ChatroomState } from "#schema/chatroom-state.ts";
import type { StoredConversation } from "#schema/stored/conversation.ts";
import type { Clock } from "#ai/clock.ts";
import { createApp, type App, type AppOptions } from "../app.ts";
import { readConfig } from "../config.ts";
import { becomeGuest, createCall, joinChatroom, type CallApi, type Guest } from "./call-api.ts";

export const ADMIN_PASSWORD = "open sesame, please";
export const JWT_SECRET = "a secret that only tests know";

/** The whole server on a loopback port of its own, with a caller for its API. */
export interface TestServer {
  readonly app: App;
  readonly url: string;
  readonly call: CallApi;
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

  const call = createCall(url);

  return {
    app,
    url,
    call,
    guest: (name) => becomeGuest(call, name),
    join: (token, options) => joinChatroom(url, token, options),
    operator: async () => (await app.auth.loginAdmin(ADMIN_PASSWORD)).token,
    close: () => app.close(),
  };
}
