import { startChild, type Child } from "./start-child.ts";

const VIEWERS = new URL("../drivers/viewers.ts", import.meta.url);

/** A process that can hold thousands of viewers; see `drivers/viewers.ts`. */
export function startViewers(): Child {
  // Without Node's own WebSocket the SDK takes ws, which costs the driver less and lets a socket be paused.
  return startChild(VIEWERS, { nodeFlags: ["--no-experimental-websocket"] });
}
