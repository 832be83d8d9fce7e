import type { GuardLimits } from "../plugins/guarded-room.ts";
import type { RoomLog } from "../plugins/room-log.ts";
import type { EngagementPort } from "./attention.ts";
import type { Clock } from "#ai/clock.ts";
import type { ActivePool } from "#ai/pool/active-pool.ts";
import type { CastChatling } from "#ai/pool/casting.ts";
import type { Chooser } from "#ai/pool/choose.ts";
import type { UniqueConversations } from "#ai/pool/unique-conversations.ts";
import type { Rng } from "#ai/rng.ts";
import type { PlayedConversation } from "#schema/stored/unique-conversation.ts";
import type { StoredView } from "#schema/stored/view.ts";

export interface ChatroomLimits extends GuardLimits {
  /** A room with this many viewers is full; others see the same conversation in another room. */
  readonly maxViewers: number;
}

/** All that chatrooms need of the outside. */
export interface ChatroomDeps {
  /**
   * Whose token it is. Throws an error with a kebab-case `code` when the client is to know why it is refused
   * (`token-expired`); any other error counts as trouble of the server's.
   */
  authenticate(token: string): Promise<{ readonly userId: string }>;
  /** The user's active chatlings; asked twice per join, so it pays to remember and share the answer. */
  loadCast(userId: string): Promise<readonly CastChatling[]>;
  /** Calls back with each user whose chatlings changed, in whatever process; returns how to stop. */
  onCastChange(listener: (userId: string) => void): () => void;
  setFavorite(userId: string, chatlingId: string, favorite: boolean): Promise<unknown>;
  addOwnReactions(userId: string, chatlingId: string, count: number): Promise<unknown>;
  readonly pool: ActivePool;
  /** Chooses what to open for one viewer. */
  readonly chooser: Pick<Chooser, "choose" | "noteView">;
  /** Of the pool, or one user's own. */
  loadConversation(id: string): Promise<PlayedConversation | null>;
  readonly views: {
    hasSeen(userId: string, conversationIds: readonly string[]): Promise<ReadonlySet<string>>;
    /** All the user has seen and that may still be active. */
    seenIds(userId: string): Promise<readonly string[]>;
    /** False when it was recorded before. */
    record(view: StoredView): Promise<boolean>;
  };
  readonly engagement: EngagementPort;
  /** Conversations for one viewer alone; undefined where no experiment is about them. */
  readonly unique: Pick<UniqueConversations, "enter" | "leave" | "hasOne" | "take"> | undefined;
  /** What experiments ask of rooms. */
  readonly experiments: {
    /** Tells which conversations are of the user's arms, to be offered first; undefined where all are. */
    preference(userId: string): ((conversationId: string) => boolean) | undefined;
    /** The arms that a conversation was written for, as the pool knows them. */
    armsOf(conversationId: string): readonly string[];
    /** A view is over: once for each view of a conversation of which at least a line was seen while it played. */
    noteView(userId: string, view: { readonly finished: boolean }): void;
  };
  readonly clock: Clock;
  readonly rng: Rng;
  /** 1 is real time. */
  readonly playbackSpeed: number;
  readonly limits: ChatroomLimits;
  readonly log: RoomLog;
}
