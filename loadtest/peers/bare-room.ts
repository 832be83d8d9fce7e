import { Room, Server, type ServerOptions } from "@colyseus/core";
import { ArraySchema } from "@colyseus/schema";
import { WebSocketTransport } from "@colyseus/ws-transport";
import { ChatroomState, LineState, RoleState } from "#schema/chatroom-state.ts";
import { findFreePort } from "../process/free-port.ts";
import { serveCalls } from "../process/serve-calls.ts";

/** A Colyseus room with a chatroom's state and nothing else: no token, no cast, stock serializer, stock settings. */

let shown: ReturnType<ChatroomState["toJSON"]> | undefined;

class BareRoom extends Room<{ state: ChatroomState }> {
  override autoDispose = false;
  override maxClients = Number.POSITIVE_INFINITY;
  override state = new ChatroomState();

  override onCreate(): void {
    const { roles = [], lines = [], reactions: _, ...fields } = shown ?? {};
    Object.assign(this.state, fields);
    this.state.roles = new ArraySchema(...roles.map((role: object) => new RoleState(role)));
    this.state.lines = new ArraySchema(...lines.map((line: object) => new LineState(line)));
  }
}

const silent: ServerOptions["logger"] = { debug() {}, info() {}, warn() {}, error() {}, trace() {} };
const server = new Server({
  // Parley's own heartbeat; the stock one of three seconds would make this peer dearer.
  transport: new WebSocketTransport({ pingInterval: 15_000 }),
  greet: false,
  gracefullyShutdown: false,
  logger: silent,
});
server.define("bare", BareRoom);
const port = await findFreePort();
await server.listen(port, "127.0.0.1");

serveCalls({
  port: () => port,
  /** The state to be shown by rooms from now on, as plain data. */
  show: (state: typeof shown) => void (shown = state),
});
