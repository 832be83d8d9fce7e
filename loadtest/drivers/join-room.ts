import { ColyseusSDK, type Room } from "@colyseus/sdk";
import type { WebSocket } from "ws";
import type { ChatroomState } from "#schema/chatroom-state.ts";

/** A viewer's seat, with the socket below it (this driver runs without Node's own WebSocket, so it is ws'). */
export interface Seat {
  readonly room: Room<unknown, ChatroomState>;
  readonly socket: WebSocket;
}

/** Takes seats at one server as the SDK does: matchmaking over HTTP, then the socket. */
export function createDoor(url: string) {
  const sdk = new ColyseusSDK(url);

  /** Resolves once the state is there and, where a cast is given, the casting message too. */
  return async function join(
    kind: string,
    token: string | undefined,
    expectsCasting: boolean,
  ): Promise<Seat> {
    const answer = await fetch(`${url}/matchmake/joinOrCreate/${kind}`, {
      method: "POST",
      headers: { "content-type": "application/json", ...(token && { authorization: `Bearer ${token}` }) },
      body: "{}",
    });
    const reservation = (await answer.json()) as Parameters<typeof sdk.consumeSeatReservation>[0];
    if (!answer.ok) throw new Error(`matchmaking answered ${answer.status} ${JSON.stringify(reservation)}`);
    const room = (await sdk.consumeSeatReservation(reservation)) as Room<unknown, ChatroomState>;
    room.reconnection.enabled = false;
    const state = new Promise<void>((resolve) => {
      room.onStateChange.once(() => resolve());
    });
    const casting = new Promise<void>((resolve) => void room.onMessage("casting", () => resolve()));
    await (expectsCasting ? Promise.all([state, casting]) : state);
    return { room, socket: (room.connection.transport as unknown as { ws: WebSocket }).ws };
  };
}
