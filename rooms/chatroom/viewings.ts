import type { ChatroomDeps } from "./deps.ts";
import type { Viewer } from "./viewer.ts";
import { toCastMembers } from "./viewer-cast.ts";
import { toStoredView } from "#ai/pool/choose.ts";
import type { StoredConversation } from "#schema/stored/conversation.ts";

/** Something to be written, with all it needs taken down already. */
export type Write = () => Promise<void>;

/** How much of a conversation a viewer saw; whoever was there at the last line saw the whole. */
export type Watched = "whole" | "part" | "nothing";

/** Takes down what a visit leaves behind; null when there is nothing, so nothing is written twice. */
export interface Viewings {
  /** The record that the conversation ended for a viewer who had a cast in it. */
  takeView(viewer: Viewer, conversation: StoredConversation, watched: Watched): Write | null;
  /** The viewer's reactions, added to the chatlings that earned them. */
  takeOwnReactions(viewer: Viewer, conversation: StoredConversation): Write | null;
}

export function createViewings(
  deps: Pick<ChatroomDeps, "views" | "chooser" | "experiments" | "addOwnReactions" | "clock">,
): Viewings {
  return {
    takeView(viewer, conversation, watched) {
      const { userId, chatlings, cast } = viewer;
      if (viewer.isRecorded || !cast) return null;
      viewer.isRecorded = true;
      const viewedAtMs = deps.clock.nowMs();
      return async () => {
        const members = toCastMembers(chatlings, conversation, cast);
        const view = toStoredView(userId, conversation, members, viewedAtMs);
        const isNew = await deps.views.record(view);
        deps.chooser.noteView(view);
        if (isNew && watched !== "nothing")
          deps.experiments.noteView(userId, { finished: watched === "whole" });
      };
    },
    takeOwnReactions(viewer, conversation) {
      const { userId, chatlings, cast, ownReactions } = viewer;
      if (!ownReactions || !cast) return null;
      viewer.ownReactions = null;
      return async () => {
        for (const { slot, chatlingId } of toCastMembers(chatlings, conversation, cast)) {
          const count = ownReactions.get(slot);
          if (count) await deps.addOwnReactions(userId, chatlingId, count);
        }
      };
    },
  };
}
