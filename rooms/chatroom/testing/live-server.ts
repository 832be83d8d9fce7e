import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { defineServer, matchMaker, type Room as ServerRoom } from "@colyseus/core";
import { ColyseusSDK, type Room } from "@colyseus/sdk";
import { ColyseusTestServer } from "@colyseus/testing/TestServer";
import { WebSocketTransport } from "@colyseus/ws-transport";
import { defineChatroom } from "../chatroom-room.ts";
import type { ChatroomDeps } from "../deps.ts";
import { CHATROOM } from "../listing.ts";
import type { ChatroomState } from "#schema/chatroom-state.ts";

/** A viewer's end of a real socket, with what came through it. */
export interface LiveViewer {
  readonly room: Room<unknown, ChatroomState>;
  readonly received: { type: string; message: never }[];
  /** Resolves once the condition holds; looked at whenever anything arrives. */
  until(condition: () => boolean): Promise<void>;
  /** The messages of one type, oldest first. */
  all<Message>(type: string): Message[];
}

/** A server with chatrooms on a real port. */
export interface LiveServer {
  readonly port: number;
  sdk(token: string): ColyseusSDK;
  join(token: string, options?: object): Promise<LiveViewer>;
  watch(room: Room<unknown, ChatroomState>): Promise<LiveViewer>;
  serverRoom(roomId: string): ServerRoom;
  /** Breaks a viewer's connection as a lost network does. */
  breakConnection(viewer: LiveViewer): void;
  rooms(): Promise<string[]>;
  close(): Promise<void>;
}

export async function openLiveServer(deps: ChatroomDeps): Promise<LiveServer> {
  const http = createServer();
  const server = defineServer({
    rooms: { [CHATROOM]: defineChatroom(deps) },
    transport: new WebSocketTransport({ server: http }),
    gracefullyShutdown: false,
    greet: false,
  });
  await server.listen(0, "127.0.0.1");
  const { port } = http.address() as AddressInfo;
  const testing = new ColyseusTestServer(server);

  function sdk(token: string): ColyseusSDK {
    const client = new ColyseusSDK(`ws://127.0.0.1:${port}`);
    client.auth.token = token;
    return client;
  }

  async function watch(room: Room<unknown, ChatroomState>): Promise<LiveViewer> {
    const received: LiveViewer["received"] = [];
    const waiting = new Set<() => void>();
    const look = (): void => {
      for (const check of waiting) check();
    };
    room.onMessage("*", (type, message) => {
      received.push({ type: String(type), message: message as never });
      look();
    });
    room.onStateChange(look);
    room.onLeave(look);
    room.onDrop(look);
    room.onReconnect(look);
    Object.assign(room.reconnection, { minUptime: 0, minDelay: 1, maxDelay: 1, delay: 1 });
    const viewer: LiveViewer = {
      room,
      received,
      until: (condition) =>
        new Promise((resolve) => {
          const check = (): void => {
            if (!condition()) return;
            waiting.delete(check);
            resolve();
          };
          waiting.add(check);
          check();
        }),
      all: (type) => received.filter((each) => each.type === type).map(({ message }) => message),
    };
    await viewer.until(() => Boolean(room.state?.conversationId));
    return viewer;
  }

  return {
    port,
    sdk,
    watch,
    join: async (token, options = {}) =>
      watch(await sdk(token).joinOrCreate<ChatroomState>(CHATROOM, options)),
    serverRoom: (roomId) => testing.getRoomById<ServerRoom>(roomId),
    breakConnection(viewer) {
      const client = testing.getRoomById(viewer.room.roomId).clients.get(viewer.room.sessionId);
      const socket = client?.ref as unknown as { terminate(): void } | undefined;
      socket?.terminate();
    },
    rooms: async () => (await matchMaker.query({ name: CHATROOM })).map(({ roomId }) => roomId),
    close: () => testing.shutdown(),
  };
}
