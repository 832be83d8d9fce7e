/** What a session needs of a connected Colyseus room; `Room` of @colyseus/sdk fits, and so does a test's fake. */
export interface RoomPort {
  readonly roomId: string;
  readonly reconnectionToken: string;
  readonly state: unknown;
  onStateChange(run: (state: unknown) => void): unknown;
  onLeave(run: (code: number, reason?: string) => void): unknown;
  onError(run: (code: number, message?: string) => void): unknown;
  onMessage(type: string, run: (payload: unknown) => void): unknown;
  send(type: string, payload: unknown): void;
  request(type: string, payload: unknown): Promise<unknown>;
  /** Consented: gone for good. Otherwise the seat is held for a while. */
  leave(consented: boolean): Promise<unknown>;
  /** Calls back once the server has answered. */
  ping(run: () => void): void;
}

/** A seat kept by the server for a few seconds: how one gets into a room. */
export interface SeatReservation {
  name: string;
  roomId: string;
  sessionId: string;
  processId?: string | undefined;
  publicAddress?: string | undefined;
  reconnectionToken?: string;
}

/** A taken seat; the reservation is kept because a dropped connection goes back to it. */
export interface Seat {
  room: RoomPort;
  reservation: SeatReservation;
}

/** How seats are got. Failures are `ParleyError`s. */
export interface Seats {
  /** Lets the server choose a room of this kind and takes the seat. */
  join(kind: string, options: object, signal?: AbortSignal): Promise<Seat>;
  take(reservation: SeatReservation, signal?: AbortSignal): Promise<Seat>;
}
