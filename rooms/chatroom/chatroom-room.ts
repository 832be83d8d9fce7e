import { defineRoom, matchMaker, type Client } from "@colyseus/core";
import { GuardedRoom, type RefusedRequest, type RoomGuard } from "../plugins/guarded-room.ts";
import { sendNotice } from "../plugins/notice.ts";
import { refusal, toAuthRefusal } from "../plugins/refusal.ts";
import { createChatroom, type Chatroom } from "./chatroom.ts";
import type { ChatroomDeps } from "./deps.ts";
import { CHATROOM, createRoomReader, type ChatroomListing } from "./listing.ts";
import { isSameWish } from "./rank-rooms.ts";
import { createSeating } from "./seating.ts";
import { capacityOf, createViewer, type Ticket, type Viewer } from "./viewer.ts";
import {
  ChatroomJoinOptions,
  FavoriteMessage,
  NextRequest,
  ReactMessage,
  type ChatroomServerMessages,
  type SeatMessage,
} from "#schema/chatroom-messages.ts";
import { ChatroomState } from "#schema/chatroom-state.ts";

/** Changes go out the moment they are made, so the patch timer never has anything to do. */
const NEVER_MS = 2 ** 31 - 1;

const NOTHING_LEFT: RefusedRequest = {
  code: "no-conversation",
  message: "there is nothing new for you just now",
};

/** Why there is no seat: an empty pool is being filled, which passes by itself. */
const toNoSeat = (isPoolEmpty: boolean) =>
  isPoolEmpty
    ? refusal(503, "unavailable", "the first conversations are being written; please try again")
    : refusal(404, NOTHING_LEFT.code, NOTHING_LEFT.message);

/** What the seat was given for; `conversationId` is ours and routes the join. */
interface SeatOptions extends ChatroomJoinOptions {
  conversationId?: string;
}

type ChatroomClient = Client<{ userData: Viewer; auth: Ticket; messages: ChatroomServerMessages }>;

/** The room type, routed by the conversation on stage; define it under the name "chatroom". */
export function defineChatroom(deps: ChatroomDeps) {
  return defineRoom(createChatroomRoom(deps)).filterBy(["conversationId"]);
}

/** The room class over its ports. It checks, forwards to `Chatroom`, and does nothing else. */
export function createChatroomRoom(deps: ChatroomDeps) {
  const seating = createSeating(deps, createRoomReader(deps.clock));
  /** What was asked for, by options object: a retried join comes with ours already in it. */
  const wishes = new WeakMap<object, ChatroomJoinOptions>();

  function readWish(options: unknown): ChatroomJoinOptions {
    const known = typeof options === "object" && options !== null ? wishes.get(options) : undefined;
    if (known) return known;
    const wish = ChatroomJoinOptions.safeParse(options);
    if (!wish.success)
      throw refusal(400, "bad-options", "a chatroom takes topicId and difficulty, nothing else");
    wishes.set(options as object, wish.data);
    return wish.data;
  }

  async function reserveSeat(viewer: Viewer, except: readonly string[]): Promise<SeatMessage | null> {
    const { userId, capacity, wish } = viewer;
    const ticket: Ticket = { userId, capacity, wish };
    const conversationId = await seating.chooseConversation(ticket, except);
    if (!conversationId) return null;
    const options: SeatOptions = { ...wish, conversationId };
    const findRoom = async () => matchMaker.findOneRoomAvailable(CHATROOM, options);
    const room =
      (await findRoom()) ??
      (await matchMaker.createRoom(CHATROOM, options).catch(async (error: unknown) => {
        // Somebody else may have opened it in the meantime.
        const opened = await findRoom();
        if (!opened) throw error;
        return opened;
      }));
    return matchMaker.reserveSeatFor(room, options, ticket);
  }

  return class ChatroomRoom extends GuardedRoom<{
    state: ChatroomState;
    metadata: ChatroomListing;
    client: ChatroomClient;
  }> {
    protected override readonly guard: RoomGuard = { ...deps, kind: CHATROOM };
    override patchRate = NEVER_MS;
    override maxClients = deps.limits.maxViewers;
    #chatroom: Chatroom | null = null;
    #wish: ChatroomJoinOptions = {};
    /** The one who may sit in a room that shows what was written for them alone. */
    #ownerId: string | undefined;

    override messages = {
      react: this.accept(ReactMessage, (client, reaction) => {
        const viewer = client.userData;
        if (viewer && this.#chatroom?.react(viewer, reaction) === "unknown-line") {
          sendNotice(client, "unknown-line", "there is no such line here");
        }
      }),
      favorite: this.accept(FavoriteMessage, async (client, message) => {
        const viewer = client.userData;
        if (viewer && !(await this.#chatroom?.favorite(viewer, message))) {
          sendNotice(client, "unknown-chatling", "none of your active chatlings has that id");
        }
      }),
      next: this.accept(NextRequest, async (client, _request, ctx) => {
        const seat = client.userData ? await this.#chatroom?.next(client.userData) : null;
        if (seat) return seat;
        client.send("notice", NOTHING_LEFT);
        return ctx.reject(NOTHING_LEFT);
      }),
    };

    /** Who comes, with what cast, and to which conversation: the server chooses the seat. */
    static override async onAuth(token: string | null, options: SeatOptions): Promise<Ticket> {
      if (!token) throw refusal(401, "token-missing", "a token is needed");
      const { userId } = await deps.authenticate(token).catch((error: unknown) => {
        const answer = toAuthRefusal(error);
        if (answer.code >= 500) deps.log.error({ room: CHATROOM, err: error }, "authentication failed");
        throw answer;
      });
      const wish = readWish(options);
      const ticket: Ticket = { userId, capacity: capacityOf(await deps.loadCast(userId)), wish };
      seating.requireChatlings(ticket);
      const conversationId = await seating.chooseConversation(ticket);
      if (!conversationId) throw toNoSeat(deps.pool.size === 0);
      options.conversationId = conversationId;
      return ticket;
    }

    override async onCreate({ conversationId, topicId, difficulty }: SeatOptions): Promise<void> {
      if (!conversationId) throw refusal(400, "bad-options", "the server chooses what a chatroom shows");
      if (await matchMaker.findOneRoomAvailable(CHATROOM, { conversationId })) {
        throw refusal(409, "conversation-changed", "this conversation has a room already; please join again");
      }
      const conversation = await deps.loadConversation(conversationId);
      if (!conversation) throw refusal(409, "conversation-changed", "it is gone; please join again");
      this.#ownerId = conversation.userId;
      this.#wish = ChatroomJoinOptions.parse({ topicId, difficulty });
      this.state = new ChatroomState();
      this.#chatroom = createChatroom({
        state: this.state,
        deps,
        wish: this.#wish,
        ownerId: this.#ownerId,
        onChange: () => this.broadcastPatch(),
        onProgramme: () => this.#publish(),
        onError: (method, error) => this.logFailure(method, error),
        reserveSeat,
      });
      this.#chatroom.stage.open(conversation);
    }

    override async onJoin(client: ChatroomClient, options: SeatOptions): Promise<void> {
      const chatroom = this.#chatroom;
      const ticket = client.auth;
      if (!ticket || !chatroom) throw refusal(401, "token-missing", "a token is needed");
      const { userId, wish } = ticket;
      const chatlings = await deps.loadCast(userId);
      const viewer = createViewer(
        userId,
        isSameWish(wish, this.#wish) ? this.#wish : wish,
        chatlings,
        client,
      );
      // Covers joins by id, and a room that moved on since the seat was chosen.
      const isExpected = options.conversationId === this.state.conversationId;
      if (viewer.capacity < this.state.roles.length || (!isExpected && !(await this.#admits(viewer)))) {
        throw refusal(
          409,
          "conversation-changed",
          "the room shows another conversation now; please join again",
        );
      }
      client.userData = viewer;
      // The viewer holds all of it that is still needed, and there are thousands of them.
      client.auth = undefined as never;
      chatroom.enter(viewer);
    }

    override onDrop(client: ChatroomClient, code?: number): void {
      if (client.userData) this.#chatroom?.drop(client.userData);
      super.onDrop(client, code);
    }

    override onReconnect(client: ChatroomClient): void {
      if (!client.userData) return;
      client.userData.outlet = client;
      this.#chatroom?.comeBack(client.userData);
    }

    override async onLeave(client: ChatroomClient): Promise<void> {
      if (client.userData) await this.#chatroom?.leave(client.userData);
    }

    override onDispose(): void {
      this.#chatroom?.close();
    }

    async #admits(ticket: Ticket): Promise<boolean> {
      const stage = this.#chatroom?.stage;
      if (!stage?.current || !isSameWish(ticket.wish, this.#wish)) return false;
      if (this.#ownerId !== undefined && this.#ownerId !== ticket.userId) return false;
      return seating.mayWatch(ticket, stage.next ? [stage.current, stage.next] : [stage.current]);
    }

    /** Tells the matchmaker what is on; joins are routed by it. */
    #publish(): void {
      const stage = this.#chatroom?.stage;
      const { state } = this;
      const listing: ChatroomListing = {
        conversationId: state.conversationId,
        topicId: state.topicId,
        topic: state.topic,
        difficulty: state.difficulty,
        slots: state.roles.length,
        startedAtMs: state.startedAtMs,
        endsAtMs: stage?.endsAtMs ?? 0,
        nextId: stage?.next?.id ?? "",
        nextSlots: stage?.next?.participantCount ?? 0,
        wish: this.#wish,
      };
      this.setMatchmaking({ metadata: listing, private: this.#ownerId !== undefined }).catch(
        (error: unknown) => {
          this.logFailure("setMatchmaking", error);
        },
      );
    }
  };
}
