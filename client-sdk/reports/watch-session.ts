import type { ChatroomSession } from "../chatroom/chatroom-session.ts";
import type { ParleyError } from "../parley-error.ts";

/** Tells of a session's first line and of its end, each once; a failure is why it ended, where nobody asked for it. */
export function watchSession(
  session: Pick<ChatroomSession, "snapshot" | "subscribe">,
  on: { firstLine(): void; closed?(failure: ParleyError | null): void },
): void {
  let isWaiting = true;
  const look = ({ lines, connection, failure }: ChatroomSession["snapshot"]): void => {
    if (isWaiting && lines.length > 0) {
      isWaiting = false;
      on.firstLine();
    }
    if (connection !== "closed") return;
    stop();
    on.closed?.(failure);
  };
  const stop = session.subscribe(look);
  look(session.snapshot);
}
