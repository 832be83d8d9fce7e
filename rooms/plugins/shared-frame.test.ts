import { once } from "node:events";
import type { AddressInfo } from "node:net";
import { ClientState, type Client } from "@colyseus/core";
import { afterEach, beforeEach, expect, test } from "vitest";
import { WebSocket, WebSocketServer } from "ws";
import { sendToAll, sendTogether } from "./shared-frame.ts";

let server: WebSocketServer;
/** Both ends of a connection, the server's as core has it. */
interface Seat {
  readonly client: Client;
  readonly browser: WebSocket;
  /** Bodies sent in the ordinary way. */
  readonly ordinary: Buffer[];
}

async function open(options: { perMessageDeflate?: boolean } = {}): Promise<Seat> {
  const { port } = server.address() as AddressInfo;
  const browser = new WebSocket(`ws://127.0.0.1:${port}`, options);
  const [[socket]] = await Promise.all([once(server, "connection"), once(browser, "open")]);
  const ordinary: Buffer[] = [];
  const client = {
    state: ClientState.JOINED,
    ref: socket,
    raw(body: Buffer) {
      ordinary.push(body);
      (socket as WebSocket).send(body);
    },
  };
  return { client: client as unknown as Client, browser, ordinary };
}

/** The next so many messages. */
function take({ browser }: Seat, count: number): Promise<Buffer[]> {
  return new Promise((resolve) => {
    const taken: Buffer[] = [];
    browser.on("message", (body: Buffer, isBinary) => {
      expect(isBinary).toBe(true);
      if (taken.push(body) === count) resolve(taken);
    });
  });
}

async function listen(options: { perMessageDeflate?: boolean }): Promise<void> {
  server = new WebSocketServer({ port: 0, host: "127.0.0.1", ...options });
  await once(server, "listening");
}

beforeEach(() => listen({}));
afterEach(() => {
  for (const socket of server.clients) socket.terminate();
  server.close();
});

test("bodies of every length arrive at all, in order with what is sent otherwise", async () => {
  const seats = [await open(), await open()];
  const lengths = [0, 1, 125, 126, 127, 65_535, 65_536, 200_000];
  const bodies = lengths.map((length, n) => Buffer.alloc(length, n + 1));
  const arriving = seats.map((seat) => take(seat, 2 * bodies.length));
  const spoken = Buffer.from("in between");
  for (const body of bodies) {
    sendToAll(
      seats.map(({ client }) => client),
      body,
    );
    for (const { client } of seats) (client.ref as unknown as WebSocket).send(spoken);
  }
  for (const arrived of await Promise.all(arriving)) {
    expect(arrived).toEqual(bodies.flatMap((body) => [body, spoken]));
  }
  // Not one of them had to fall back; if this fails after an update, `ws` sends in another way now.
  expect(seats.flatMap(({ ordinary }) => ordinary)).toEqual([]);
});

test("a client that has not joined yet gets nothing, a closed one harms nobody", async () => {
  const [joining, closed, joined] = [await open(), await open(), await open()];
  joining.client.state = ClientState.JOINING;
  (closed.client.ref as unknown as WebSocket).terminate();
  const arriving = take(joined, 1);
  let early = 0;
  joining.browser.on("message", () => early++);
  sendToAll([joining.client, closed.client, joined.client], Buffer.from("patch"));
  expect(await arriving).toEqual([Buffer.from("patch")]);
  // A message sent later by the ordinary way is the first that the one who was joining sees.
  const first = take(joining, 1);
  joining.client.raw(Buffer.from("hello"));
  expect(await first).toEqual([Buffer.from("hello")]);
  expect(early).toBe(1);
});

test("where compression was negotiated, everything goes the ordinary way", async () => {
  server.close();
  await listen({ perMessageDeflate: true });
  const seat = await open({ perMessageDeflate: true });
  const arriving = take(seat, 1);
  const body = Buffer.alloc(3000, 7);
  sendToAll([seat.client], body);
  expect(await arriving).toEqual([body]);
  expect(seat.ordinary).toEqual([body]);
});

test("what is sent together waits for its end, also when that is an error", async () => {
  const seat = await open();
  const socket = seat.client.ref as unknown as WebSocket;
  const arriving = take(seat, 2);
  expect(() =>
    sendTogether(seat.client, () => {
      socket.send(Buffer.from("state"));
      socket.send(Buffer.from("casting"));
      expect(socket.bufferedAmount).toBeGreaterThan("state".length + "casting".length);
      throw new Error("afterwards");
    }),
  ).toThrow("afterwards");
  expect(await arriving).toEqual([Buffer.from("state"), Buffer.from("casting")]);
  expect(socket.bufferedAmount).toBe(0);
});
