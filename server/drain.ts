import { once } from "node:events";
import type { Server } from "node:http";
import type { Duplex } from "node:stream";

/** How long clients may take to say goodbye. */
const GOODBYE_MS = 2000;
/** How long requests under way may take to be answered. */
const ANSWER_MS = 5000;

/** Watches a server's connections, so that none can keep it from closing. */
export function watchConnections(server: Server): { ended(): Promise<void> } {
  const upgraded = new Set<Duplex>();
  server.on("upgrade", (_request, socket: Duplex) => {
    upgraded.add(socket);
    socket.once("close", () => upgraded.delete(socket));
  });
  return {
    /** Resolves when a server that is being closed has no connections left, or their time is over. */
    async ended() {
      if (!server.listening) return;
      const closed = once(server, "close", { signal: AbortSignal.timeout(ANSWER_MS) });
      const goodbye = setTimeout(() => upgraded.forEach((socket) => socket.destroy()), GOODBYE_MS);
      await closed.catch(() => server.closeAllConnections());
      clearTimeout(goodbye);
    },
  };
}
