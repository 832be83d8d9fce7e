import { ColyseusSDK } from "@colyseus/sdk";
import type { HttpClient } from "../http/http-client.ts";
import { fromCodedMessage, ParleyError } from "../parley-error.ts";
import type { RoomPort, SeatReservation, Seats } from "./room-port.ts";

const CONNECT_TIMEOUT_MS = 8000;

/** Seats on a Parley server: matchmaking over our own HTTP client, then Colyseus' socket. */
export function createSeats(deps: { url: string; http: HttpClient }): Seats {
  const sdk = new ColyseusSDK(deps.url);
  // Matchmaking has checked the token already; without this the SDK would also write it into the socket's address.
  sdk.http.authToken = undefined;

  async function take(reservation: SeatReservation, signal?: AbortSignal) {
    const connecting = sdk.consumeSeatReservation(
      reservation as Parameters<typeof sdk.consumeSeatReservation>[0],
    );
    const room = (await inTime(connecting, signal)) as RoomPort & {
      reconnection: { enabled: boolean };
    };
    // The link reconnects: with jitter, from the first second on, and by joining anew where the seat is lost.
    room.reconnection.enabled = false;
    return { room, reservation };
  }

  return {
    async join(kind, options, signal) {
      const call = signal ? { body: options, signal } : { body: options };
      const path = `/matchmake/joinOrCreate/${encodeURIComponent(kind)}`;
      return take(await deps.http.call<SeatReservation>("POST", path, call), signal);
    },
    take,
  };
}

/** Settles with the connection, the abort or the time limit; a room that opens too late is let go again. */
function inTime<T extends { leave(consented?: boolean): Promise<number> }>(
  connecting: Promise<T>,
  signal: AbortSignal | undefined,
): Promise<T> {
  return new Promise((resolve, reject) => {
    let givenUp = false;
    const giveUp = (error: ParleyError) => {
      givenUp = true;
      settle(() => reject(error));
    };
    const onAbort = () => giveUp(new ParleyError("aborted", "Joining was aborted."));
    const timer = setTimeout(
      () => giveUp(new ParleyError("timeout", "The room did not open in time.")),
      CONNECT_TIMEOUT_MS,
    );
    function settle(run: () => void): void {
      clearTimeout(timer);
      signal?.removeEventListener("abort", onAbort);
      run();
    }
    if (signal?.aborted) onAbort();
    else signal?.addEventListener("abort", onAbort);
    connecting.then(
      (room) => {
        return givenUp ? void room.leave(false) : settle(() => resolve(room));
      },
      (cause: unknown) => {
        if (!givenUp) settle(() => reject(toSocketError(cause)));
      },
    );
  });
}

/** Close codes of 1000–1015 and none at all mean that the network failed; any other is the server's refusal. */
function toSocketError(cause: unknown): ParleyError {
  const { code, message } = (cause ?? {}) as { code?: unknown; message?: unknown };
  if (typeof code !== "number" || (code >= 1000 && code <= 1015)) {
    return new ParleyError("network", "The connection to the room failed.", { cause });
  }
  const text = typeof message === "string" && message !== "" ? message : "The seat is not kept any more.";
  return fromCodedMessage(text, "seat-lost");
}
