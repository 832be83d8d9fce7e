import type { ChatroomJoinOptions } from "#schema/chatroom-messages.ts";
import type { ChatroomSession } from "../../chatroom/chatroom-session.ts";
import type { ParleyClient } from "../../create-client.ts";
import { isTokenRefusal } from "../../http/http-client.ts";
import { ParleyError } from "../../parley-error.ts";
import { arrive } from "../arrive.ts";
import { el } from "../element.ts";
import type { Screen } from "../frame/screen.ts";
import { createFailureCard } from "../parts/failure-card.ts";
import { strings } from "../strings.ts";
import { createChatroomScreen } from "./chatroom-screen.ts";
import type { Sitters } from "./sitters.ts";

const FIRST_RETRY_S = 3;
const LONGEST_RETRY_S = 30;

export interface WatchScreen extends Screen {
  /** Leaves the session, if any, for one that meets the wish; the old one stays until the new one is there. */
  go(wish: ChatroomJoinOptions): Promise<void>;
  /** The same for a wish made by hand: any room at all means one that I am not in. */
  choose(wish: ChatroomJoinOptions): Promise<void>;
  /** The room I am in; undefined while I am in none. */
  roomId(): string | undefined;
  /** Leaves for good, until told to go again. */
  stop(): void;
}

/** The way into a live chatroom, the chatroom itself, and what is said when there is none. */
export function createWatchScreen(deps: {
  client: ParleyClient;
  sitters: Sitters;
  openRooms(): void;
  openChatlings(): void;
  /** Another topic is on. */
  retitle(): void;
}): WatchScreen {
  const chatroom = createChatroomScreen({ sitters: deps.sitters, lost, retitle: () => deps.retitle() });
  const element = el("div", { class: "watch" });
  let session: ChatroomSession | undefined;
  let failure: ParleyError | undefined;
  let lastWish: ChatroomJoinOptions = {};
  let tries = 0;
  let arriving: AbortController | undefined;
  let countdown: number | undefined;

  async function go(wish: ChatroomJoinOptions): Promise<void> {
    arriving?.abort();
    const attempt = new AbortController();
    const { signal } = attempt;
    arriving = attempt;
    clearInterval(countdown);
    lastWish = wish;
    failure = undefined;
    if (session) chatroom.seek(true);
    else element.replaceChildren(createWaiting());
    try {
      const arrived = await arrive(deps.client, deps.sitters, { ...wish, signal });
      if (signal.aborted) return arrived.leave();
      // From here on the signal would end the session itself.
      arriving = undefined;
      chatroom.seek(false);
      session?.leave();
      session = arrived;
      tries = 0;
      if (!chatroom.element.isConnected) element.replaceChildren(chatroom.element);
      chatroom.show(arrived);
    } catch (error) {
      if (signal.aborted) return;
      arriving = undefined;
      chatroom.seek(false);
      const refusal = error instanceof ParleyError ? error : new ParleyError("unknown", String(error));
      // A wish that cannot be met does not cost the conversation one is in.
      if (session && session.snapshot.connection !== "closed") chatroom.remark(refusal.code);
      else fail(refusal);
    }
  }

  /** The session ended by itself: a token nobody knows any more is replaced by a new guest's, the rest is said. */
  function lost(reason: ParleyError): void {
    session = undefined;
    if (isTokenRefusal(reason)) void go(lastWish);
    else fail(reason);
  }

  /** Says what happened; what can pass by itself is tried again by itself. */
  function fail(reason: ParleyError): void {
    failure = reason;
    const card = createFailureCard(reason, {
      tryAgain: () => void go(lastWish),
      openRooms: () => deps.openRooms(),
      openChatlings: () => deps.openChatlings(),
    });
    element.replaceChildren(el("div", { class: "screen" }, card.element));
    deps.retitle();
    if (!reason.retryable) return;
    let leftS = Math.max(
      Math.ceil((reason.retryAfterMs ?? 0) / 1000),
      Math.min(LONGEST_RETRY_S, FIRST_RETRY_S * 2 ** tries++),
    );
    card.count(leftS);
    countdown = window.setInterval(() => {
      leftS--;
      if (leftS > 0) return card.count(leftS);
      clearInterval(countdown);
      void go(lastWish);
    }, 1000);
  }

  return {
    element,
    title: () => (failure ? "" : (session?.snapshot.topic ?? "")),
    enter() {
      chatroom.refresh();
      // The way back from the collection, where one may just have woken somebody up.
      if (failure?.code === "too-few-chatlings") void go(lastWish);
      return undefined;
    },
    go,
    async choose(wish) {
      const anything = wish.topicId === undefined && wish.difficulty === undefined;
      await (anything && session ? chatroom.moveOn() : go(wish));
    },
    roomId: () => session?.roomId,
    stop() {
      arriving?.abort();
      clearInterval(countdown);
      session?.leave();
      session = undefined;
    },
  };
}

function createWaiting(): HTMLElement {
  return el(
    "div",
    { class: "screen arriving", attrs: { role: "status" } },
    el("div", { class: "arriving-bubbles", attrs: { "aria-hidden": "true" } }, el("i"), el("i"), el("i")),
    el("h1", {}, strings.arriving),
  );
}
