import { createClient } from "../create-client.ts";
import { isTokenRefusal } from "../http/http-client.ts";
import { ParleyError } from "../parley-error.ts";
import { arrive } from "./arrive.ts";
import { createChatroomScreen } from "./chatroom/chatroom-screen.ts";
import { createSitters } from "./chatroom/sitters.ts";
import { el } from "./element.ts";
import { createFailureCard } from "./parts/failure-card.ts";
import { createRoomsSheet, type Wish } from "./rooms/rooms-sheet.ts";
import { strings } from "./strings.ts";
import type { ChatroomSession } from "../chatroom/chatroom-session.ts";

const FIRST_RETRY_S = 3;
const LONGEST_RETRY_S = 30;

const client = createClient({ url: location.origin });
const sitters = createSitters();
const frame = document.querySelector<HTMLElement>("#app") ?? document.body;
const screen = createChatroomScreen({ sitters, openRooms: () => sheet.open(), lost });
const sheet = createRoomsSheet({
  loadRooms: () => client.chatrooms.live(),
  loadTopics: async () => (await client.topics.list({ limit: 100 })).items,
  choose: (wish) => void choose(wish),
});
const waiting = el(
  "div",
  { class: "screen arriving", attrs: { role: "status" } },
  el("div", { class: "arriving-bubbles", attrs: { "aria-hidden": "true" } }, el("i"), el("i"), el("i")),
  el("p", {}, strings.arriving),
);

let session: ChatroomSession | undefined;
let lastWish: Wish = {};
let tries = 0;
let arriving: AbortController | undefined;
let countdown: number | undefined;

/** Leaves the session, if any, for one that meets the wish; the old one stays until the new one is there. */
async function go(wish: Wish): Promise<void> {
  arriving?.abort();
  const attempt = new AbortController();
  const { signal } = attempt;
  arriving = attempt;
  clearInterval(countdown);
  lastWish = wish;
  if (!session) frame.replaceChildren(waiting, sheet.element);
  try {
    const arrived = await arrive(client, sitters, { ...wish, signal });
    if (signal.aborted) return arrived.leave();
    // From here on the signal would end the session itself.
    arriving = undefined;
    session?.leave();
    session = arrived;
    tries = 0;
    if (!screen.element.isConnected) frame.replaceChildren(screen.element, sheet.element);
    screen.show(arrived);
  } catch (error) {
    if (signal.aborted) return;
    arriving = undefined;
    const failure = error instanceof ParleyError ? error : new ParleyError("unknown", String(error));
    // A wish that cannot be met does not cost the conversation one is in.
    if (session && session.snapshot.connection !== "closed") screen.remark(failure.code);
    else fail(failure);
  }
}

/** Any room at all means: not the one I am in. */
async function choose(wish: Wish): Promise<void> {
  const anything = wish.topicId === undefined && wish.difficulty === undefined;
  await (anything && screen.element.isConnected ? screen.moveOn() : go(wish));
}

/** The session ended by itself: a token nobody knows any more is replaced by a new guest's, the rest is said. */
function lost(failure: ParleyError): void {
  session = undefined;
  if (isTokenRefusal(failure)) void go(lastWish);
  else fail(failure);
}

/** Says what happened; what can pass by itself is tried again by itself. */
function fail(failure: ParleyError): void {
  const card = createFailureCard(failure, {
    tryAgain: () => void go(lastWish),
    openRooms: () => sheet.open(),
  });
  frame.replaceChildren(el("div", { class: "screen" }, card.element), sheet.element);
  if (!failure.retryable) return;
  let leftS = Math.max(
    Math.ceil((failure.retryAfterMs ?? 0) / 1000),
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

void go({});
