import { afterEach } from "vitest";
import { openLiveServer, type LiveServer, type LiveViewer } from "./live-server.ts";
import { createMemoryHouse, type MemoryHouse } from "./memory-house.ts";
import type { ChatroomState } from "#schema/chatroom-state.ts";
import type { StoredView } from "#schema/stored/view.ts";

/** A house in memory behind a server on a real port, its time in the test's hands. */
export interface LiveHouse {
  readonly house: MemoryHouse;
  readonly live: LiveServer;
  /** Moves time on until every one of the viewers sees it. */
  readonly pass: (byMs: number, ...viewers: LiveViewer[]) => Promise<void>;
  readonly untilPhase: (viewer: LiveViewer, phase: ChatroomState["phase"]) => Promise<void>;
}

export async function openLiveHouse(...given: Parameters<typeof createMemoryHouse>): Promise<LiveHouse> {
  const house = createMemoryHouse(...given);
  const live = await openLiveServer(house.deps);

  async function pass(byMs: number, ...viewers: LiveViewer[]): Promise<void> {
    await house.clock.advance(byMs);
    for (const viewer of viewers) {
      const { state } = live.serverRoom(viewer.room.roomId);
      await viewer.until(() => JSON.stringify(viewer.room.state) === JSON.stringify(state));
    }
  }

  return {
    house,
    live,
    pass,
    async untilPhase(viewer, phase) {
      while (viewer.room.state.phase !== phase) await pass(500, viewer);
    },
  };
}

/** The record that a user has seen a conversation. */
export function viewOf(userId: string, conversationId: string): StoredView {
  return {
    id: `${userId}:${conversationId}`,
    userId,
    conversationId,
    topicId: "",
    topicText: "",
    cast: [],
    viewedAtMs: 0,
    expiresAtMs: 0,
  };
}

/** Opens houses for the tests of a file and closes each after its test. */
export function useLiveHouse(): typeof openLiveHouse {
  let opened: LiveHouse | null = null;
  afterEach(async () => {
    await opened?.live.close();
    opened = null;
  });
  return async (...house) => {
    opened = await openLiveHouse(...house);
    return opened;
  };
}
