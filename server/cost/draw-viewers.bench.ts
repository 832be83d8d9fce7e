import { createHash } from "node:crypto";
import { type CastChatling, toCastChatling } from "#ai/pool/casting.ts";
import { createRng } from "#ai/rng.ts";
import {
  drawStarterChatlings,
  readStarterChatlings,
  type StarterChatling,
} from "#data/content/draw-starter-chatlings.ts";

/** Somebody with the five chatlings everybody begins with. */
export interface Viewer {
  readonly userId: string;
  readonly chatlings: readonly CastChatling[];
}

/** So many viewers, each with five starters drawn as for a new user of that id. */
export function drawViewers(count: number, seed: string): Viewer[] {
  const casts = new Map(readStarterChatlings().map((design) => [design.name, toCast(design)]));
  return Array.from({ length: count }, (_, number) => {
    const userId = createHash("sha256").update(`${seed}/${number}`).digest("base64url").slice(0, 22);
    const drawn = drawStarterChatlings(createRng(userId));
    return { userId, chatlings: drawn.map(({ name }) => casts.get(name) as CastChatling) };
  });
}

/** The same for all who have it, its id too: what is cast from is the same as with ids of their own. */
function toCast({ plays: _plays, ...design }: StarterChatling): CastChatling {
  return toCastChatling({
    ...design,
    id: `starter-${design.name}`.padEnd(24, "-"),
    ownerId: "",
    active: true,
    favorite: false,
    ownReactions: 0,
    createdAtMs: 0,
  });
}
