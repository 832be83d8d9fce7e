import type { RegisteredHandler, Room } from "@colyseus/core";

/** The rooms that live in this process, of all the given kinds. */
export function trackRooms(kinds: readonly RegisteredHandler[]): ReadonlySet<Room> {
  const rooms = new Set<Room>();
  for (const kind of kinds) {
    kind.on("create", (room) => void rooms.add(room));
    kind.on("dispose", (room) => void rooms.delete(room));
  }
  return rooms;
}
