import { createClient } from "../create-client.ts";
import { createSitters } from "./chatroom/sitters.ts";
import { createWatchScreen } from "./chatroom/watch-screen.ts";
import { createCollection } from "./collection/collection.ts";
import { createCollectionScreen } from "./collection/collection-screen.ts";
import { createFrame } from "./frame/frame.ts";
import { toHash } from "./frame/route.ts";
import { readItems } from "./parts/read-items.ts";
import { createToast } from "./parts/toast.ts";
import { reportPage } from "./reports/report-page.ts";
import { createRoomsScreen } from "./rooms/rooms-screen.ts";
import { createFarewell, type Farewell } from "./settings/farewell.ts";
import { createSettingsScreen } from "./settings/settings-screen.ts";
import { strings } from "./strings.ts";
import { watchPerson } from "./watch-person.ts";

/** The share of visits that report; each of them stands for four. */
const REPORTS = { sampleRate: 0.25 };

const client = reportPage(createClient({ url: location.origin, reports: REPORTS }));
/** More than anybody looks through; the newest come first. */
const MOST_TOPICS = 1000;
const sitters = createSitters();
const toast = createToast();
const page = document.querySelector<HTMLElement>("#app") ?? document.body;
const show = (...path: readonly string[]) => (location.hash = toHash(...path));

const watch = createWatchScreen({
  client,
  sitters,
  openRooms: () => show("rooms"),
  openChatlings: () => show("chatlings"),
  retitle: () => frame.retitle(),
});
const rooms = createRoomsScreen({
  async loadRooms() {
    await client.auth.ensure();
    return client.chatrooms.live();
  },
  async loadTopics() {
    await client.auth.ensure();
    const topics = await readItems(
      ({ limit, cursor }) => client.topics.list({ limit, ...(cursor && { cursor }) }),
      MOST_TOPICS,
    );
    return topics.items;
  },
  hereId: () => watch.roomId(),
  choose(wish) {
    show();
    void watch.choose(wish);
  },
  stay: () => show(),
});
const chatlings = createCollectionScreen({
  collection: createCollection(client, sitters),
  say: (text) => toast.show(text),
  retitle: () => frame.retitle(),
});
const you = createSettingsScreen({
  account: { ...client.me, get: () => asSomebody(() => client.me.get()) },
  passkeys: {
    ...client.auth.passkey,
    list: () => asSomebody(() => client.auth.passkey.list()),
    register: (options) => asSomebody(() => client.auth.passkey.register(options)),
  },
  links: { ...client.auth.link, create: () => asSomebody(() => client.auth.link.create()) },
  usage: { read: () => asSomebody(() => client.usage.read()) },
  say: (text) => toast.show(text),
  erase: eraseEverything,
  startAnew,
});

/** Whoever comes straight to a screen may be nobody yet. */
async function asSomebody<T>(call: () => Promise<T>): Promise<T> {
  await client.auth.ensure();
  return call();
}

/** As another person: nothing of the one before may stay on the page. */
function startAnew(): void {
  watch.stop();
  location.reload();
}

/** Leaves the room first, or its end would look like a loss and bring a new guest to life. */
async function eraseEverything(): Promise<void> {
  watch.stop();
  try {
    await client.me.erase();
  } catch (error) {
    void watch.go({});
    throw error;
  }
  await client.auth.signOut();
  leave(strings.settings.gone, strings.settings.goneText).focus();
}

/** Nothing of whoever was here stays on the page. */
function leave(title: string, text: string): Farewell {
  watch.stop();
  const farewell = createFarewell({ title, text });
  page.replaceChildren(farewell.element);
  document.title = strings.title(title);
  return farewell;
}

const frame = createFrame(
  [
    { name: "", label: strings.places.watch, icon: "watch", screen: watch },
    { name: "rooms", label: strings.places.rooms, icon: "rooms", screen: rooms },
    { name: "chatlings", label: strings.places.chatlings, icon: "chatlings", screen: chatlings },
    { name: "you", label: strings.places.you, icon: "you", screen: you },
  ],
  toast.element,
);
page.replaceChildren(frame.element);
frame.start();
watchPerson({
  page: window,
  url: location.origin,
  becameOther: startAnew,
  becameNobody: () => void leave(strings.settings.left, strings.settings.leftText),
});
void watch.go({});
