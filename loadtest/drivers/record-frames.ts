import type { WebSocket } from "ws";

/** One frame as it came from the wire: when, how long, and whether it was a heartbeat. */
export interface Frame {
  /** On the clock of `performance.timeOrigin + performance.now()`. */
  readonly atMs: number;
  readonly bytes: number;
  readonly ping: boolean;
}

/** Notes every frame a socket receives. */
export function recordFrames(socket: WebSocket): Frame[] {
  const frames: Frame[] = [];
  const note = (bytes: number, ping: boolean): void => {
    frames.push({ atMs: performance.timeOrigin + performance.now(), bytes, ping });
  };
  socket.on("message", (data: ArrayBuffer | Buffer) => note(data.byteLength, false));
  socket.on("ping", (data: Buffer) => note(data.byteLength, true));
  return frames;
}
