import type { ParleyError } from "../parley-error.ts";
import type { RoomPort, Seat, SeatReservation, Seats } from "../room/room-port.ts";

/** A room connection played by a test: what the server would do is a method here. */
interface ScriptedRoom extends RoomPort {
  readonly roomId: string;
  readonly sent: { type: string; payload: unknown }[];
  /** How it was left: by consent, by letting go, or not at all. */
  readonly left: "no" | "consented" | "dropped";
  answersPings: boolean;
  state: unknown;
  show(state: unknown): void;
  tell(type: string, payload: unknown): void;
  cut(code: number): void;
  answer(type: string, reply: (payload: unknown) => unknown): void;
}

export interface ScriptedSeats extends Seats {
  readonly rooms: ScriptedRoom[];
  readonly joins: object[];
  readonly taken: SeatReservation[];
  /** The next join or take fails so; one entry is used up by each. */
  readonly joinFailures: ParleyError[];
  readonly takeFailures: ParleyError[];
  latest(): ScriptedRoom;
}

export function createScriptedSeats(): ScriptedSeats {
  const rooms: ScriptedRoom[] = [];
  const joins: object[] = [];
  const taken: SeatReservation[] = [];
  const joinFailures: ParleyError[] = [];
  const takeFailures: ParleyError[] = [];

  function open(reservation: SeatReservation): Seat {
    const room = createScriptedRoom(reservation.roomId);
    rooms.push(room);
    return { room, reservation };
  }

  return {
    rooms,
    joins,
    taken,
    joinFailures,
    takeFailures,
    latest() {
      const room = rooms.at(-1);
      if (!room) throw new Error("nobody has joined yet");
      return room;
    },
    async join(_kind, options) {
      joins.push(options);
      const failure = joinFailures.shift();
      if (failure) throw failure;
      return open({ name: "chatroom", roomId: `joined-${joins.length}`, sessionId: `s${joins.length}` });
    },
    async take(reservation) {
      taken.push(reservation);
      const failure = takeFailures.shift();
      if (failure) throw failure;
      return open(reservation);
    },
  };
}

function createScriptedRoom(roomId: string): ScriptedRoom {
  const onState: ((state: unknown) => void)[] = [];
  const onLeave: ((code: number) => void)[] = [];
  const handlers = new Map<string, (payload: unknown) => void>();
  const replies = new Map<string, (payload: unknown) => unknown>();
  const sent: ScriptedRoom["sent"] = [];
  let left: ScriptedRoom["left"] = "no";
  return {
    roomId,
    sent,
    get left() {
      return left;
    },
    answersPings: true,
    state: undefined,
    reconnectionToken: `${roomId}:token-of-${roomId}`,
    onStateChange: (run) => onState.push(run),
    onLeave: (run) => onLeave.push(run),
    onError: () => undefined,
    onMessage: (type, run) => handlers.set(type, run),
    send: (type, payload) => void sent.push({ type, payload }),
    async request(type, payload) {
      const reply = replies.get(type);
      if (!reply) throw new Error(`no answer scripted for ${type}`);
      return reply(payload);
    },
    async leave(consented) {
      left = consented ? "consented" : "dropped";
    },
    ping(run) {
      if (this.answersPings) run();
    },
    show(state) {
      this.state = state;
      for (const run of onState) run(state);
    },
    tell: (type, payload) => handlers.get(type)?.(payload),
    cut(code) {
      for (const run of onLeave) run(code);
    },
    answer: (type, reply) => void replies.set(type, reply),
  };
}
