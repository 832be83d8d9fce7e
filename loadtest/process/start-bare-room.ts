import { startChild, type Child } from "./start-child.ts";

const BARE_ROOM = new URL("../peers/bare-room.ts", import.meta.url);

/** The peer of `peers/bare-room.ts`, listening. */
export async function startBareRoom(): Promise<Child & { readonly url: string }> {
  const child = startChild(BARE_ROOM);
  return { ...child, url: `http://127.0.0.1:${await child.call<number>("port")}` };
}
