import { matchMaker } from "@colyseus/core";
import type { ProcessReport, RoomRow } from "#schema/desk.ts";
import { within } from "../within.ts";

/** While Redis is lost, the listing waits for it. */
const LIST_WITHIN_MS = 5000;

/** Rooms of all kinds and processes, fullest first. @throws ApiError 503 when the listing cannot be read in time */
export async function listRooms(): Promise<RoomRow[]> {
  const rooms = await within(LIST_WITHIN_MS, matchMaker.query({}));
  return rooms.map(toRow).sort(byViewers);
}

/** Every process that takes part, with what it holds. */
export async function listProcesses(): Promise<ProcessReport["processes"]> {
  const processes = await within(LIST_WITHIN_MS, matchMaker.stats.fetchAll());
  return processes.map(({ processId, roomCount, ccu }) => ({
    processId,
    rooms: roomCount,
    connections: ccu,
  }));
}

type Listed = Awaited<ReturnType<typeof matchMaker.query>>[number];

function toRow({ roomId, name, clients, metadata, createdAt, processId }: Listed): RoomRow {
  const { topic, difficulty } = (metadata ?? {}) as { topic?: unknown; difficulty?: unknown };
  return {
    roomId,
    kind: name,
    viewers: clients,
    topic: typeof topic === "string" ? topic : "",
    difficulty: typeof difficulty === "string" ? difficulty : "",
    // A listing that came through Redis has its date as text.
    sinceMs: new Date(createdAt ?? 0).getTime(),
    processId,
  };
}

/** Fullest first; the id settles the rest, so that pages fit together. */
export function byViewers(
  a: Pick<RoomRow, "viewers" | "roomId">,
  b: Pick<RoomRow, "viewers" | "roomId">,
): number {
  return b.viewers - a.viewers || (a.roomId < b.roomId ? -1 : Number(a.roomId > b.roomId));
}
