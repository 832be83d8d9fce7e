import type { ChatroomSession } from "../../chatroom/chatroom-session.ts";
import type { ChatroomSnapshot } from "../../chatroom/chatroom-snapshot.ts";
import { ParleyError } from "../../parley-error.ts";
import { el } from "../element.ts";
import { createAnnouncer } from "../parts/announcer.ts";
import { createConnectionBanner } from "../parts/connection-banner.ts";
import { icon } from "../parts/icons.ts";
import { createToast } from "../parts/toast.ts";
import { strings } from "../strings.ts";
import { createCastStrip } from "./cast-strip.ts";
import { createConversationLog } from "./conversation-log.ts";
import type { Sitters } from "./sitters.ts";
import { createStageHead } from "./stage-head.ts";

export interface ChatroomScreen {
  element: HTMLElement;
  /** Shows a session in place of the one before; the log goes on. */
  show(session: ChatroomSession): void;
  /** Whether another conversation is being looked for, which may take a while. */
  seek(isSeeking: boolean): void;
  /** Goes on to the next conversation. */
  moveOn(): Promise<void>;
  /** Shortly says what an error's or a notice's code means. */
  remark(code: string): void;
  /** What is known of my chatlings may have changed elsewhere. */
  refresh(): void;
}

/** The live chatroom. */
export function createChatroomScreen(deps: {
  sitters: Sitters;
  /** The session ended without being asked to. */
  lost(failure: ParleyError): void;
  /** Another topic is on. */
  retitle(): void;
}): ChatroomScreen {
  let session: ChatroomSession | undefined;
  let stopListening = () => {};
  let litFor: string | undefined;
  const head = createStageHead({ retitle: () => deps.retitle() });
  const banner = createConnectionBanner();
  const announcer = createAnnouncer();
  const toast = createToast();
  const cast = createCastStrip({
    sitters: deps.sitters,
    favorite: (chatlingId, favorite) => told(session?.favorite(chatlingId, favorite)),
  });
  const log = createConversationLog({
    sitters: deps.sitters,
    react: (order, emoji) => told(session?.react(order, emoji)),
    announce: (text) => announcer.say(text),
  });
  const nextLabel = el("span", {}, strings.nextShort);
  const next = el(
    "button",
    {
      class: "button primary next",
      attrs: { type: "button", "aria-label": strings.next },
      on: { click: () => void moveOn() },
    },
    nextLabel,
    icon("next"),
  );
  const element = el(
    "div",
    { class: "screen chatroom" },
    el("div", { class: "stage" }, head.element, next, cast.element),
    el("div", { class: "talk" }, log.element, banner.element, toast.element),
    announcer.element,
  );

  function told(sent: boolean | undefined): boolean {
    if (!sent) remark("not-connected");
    return sent === true;
  }

  function remark(code: string): void {
    toast.show(strings.notices[code] ?? strings.notices["unknown"] ?? "");
  }

  function seek(isSeeking: boolean): void {
    if (isSeeking) next.setAttribute("aria-disabled", "true");
    else next.removeAttribute("aria-disabled");
    nextLabel.textContent = isSeeking ? strings.nextBusy : strings.nextShort;
  }

  async function moveOn(): Promise<void> {
    if (!session || next.getAttribute("aria-disabled") === "true") return;
    seek(true);
    try {
      await session.next();
    } catch (error) {
      remark(error instanceof ParleyError ? error.code : "unknown");
    } finally {
      seek(false);
    }
  }

  function update(snapshot: ChatroomSnapshot): void {
    banner.update(snapshot.connection);
    if (snapshot.connection === "closed" && snapshot.failure) deps.lost(snapshot.failure);
    log.update(snapshot);
    if (snapshot.cast.length === 0) return;
    head.update(snapshot);
    cast.update(snapshot);
    light(snapshot.topicId);
  }

  /** Everything on the screen takes its colors from the scene, so it is set only when there is another. */
  function light(topicId: string): void {
    if (topicId === litFor) return;
    litFor = topicId;
    element.style.setProperty("--scene", String(toSceneHue(topicId)));
  }

  return {
    element,
    seek,
    moveOn,
    remark,
    refresh: () => cast.refresh(),
    show(shown) {
      stopListening();
      session = shown;
      const stops = [shown.subscribe(update), shown.onNotice((notice) => remark(notice.code))];
      stopListening = () => {
        for (const stop of stops) stop();
      };
      update(shown.snapshot);
    },
  };
}

/** Every topic has a light of its own, from teal over blue and violet to rose. */
function toSceneHue(topicId: string): number {
  let hash = 0;
  for (let i = 0; i < topicId.length; i++) hash = (hash * 31 + topicId.charCodeAt(i)) % 9973;
  return 180 + (hash % 170);
}
