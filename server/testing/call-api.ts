import { ColyseusSDK, type Room } from "@colyseus/sdk";
import type { ChatroomState } from "#schema/chatroom-state.ts";

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

export interface CallApi {
  (line: `${string} /${string}`, call?: Call): Promise<Answer>;
}

export interface Guest {
  readonly token: string;
  readonly id: string;
}

/** Calls a server's API as any program would. */
export function createCall(url: string): CallApi {
  return async (line, { token, body, headers } = {}) => {
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
  };
}

export async function becomeGuest(call: CallApi, name?: string): Promise<Guest> {
  const { body } = await call("POST /api/auth/guest", { body: name === undefined ? {} : { name } });
  return { token: body.token, id: body.user.id };
}

/** Takes a seat in a chatroom. */
export async function joinChatroom(
  url: string,
  token: string,
  options: object = {},
): Promise<Room<unknown, ChatroomState>> {
  const sdk = new ColyseusSDK(url.replace("http", "ws"));
  sdk.auth.token = token;
  const room = await sdk.joinOrCreate<ChatroomState>("chatroom", options);
  room.onMessage("*", () => {});
  return room;
}

function toBody(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
