import { readBuildVersion } from "../demo/reports/read-build-version.ts";
import { reportUncaught } from "../demo/reports/report-uncaught.ts";
import { createReports } from "../http/client-reports.ts";
import type { FetchLike } from "../http/http-client.ts";
import { createDeskFrame, type DeskFrame } from "./desk-frame.ts";
import { openDeskSession } from "./desk-session.ts";
import type { DeskTools, Panel } from "./panel.ts";
import { createConversationsPanel } from "./panels/conversations-panel.ts";
import { createEngagementPanel } from "./panels/engagement-panel.ts";
import { createErrorsPanel } from "./panels/errors-panel.ts";
import { createModelsPanel } from "./panels/models-panel.ts";
import { createOverviewPanel } from "./panels/overview-panel.ts";
import { createPeoplePanel } from "./panels/people-panel.ts";
import { createProcessPanel } from "./panels/process-panel.ts";
import { createRoomsPanel } from "./panels/rooms-panel.ts";
import { createTopicsPanel } from "./panels/topics-panel.ts";
import { createSignIn } from "./sign-in.ts";
import { strings } from "./strings.ts";

const page = document.querySelector<HTMLElement>("#desk") ?? document.body;
let frame: DeskFrame | undefined;

const url = location.origin;
const send: FetchLike = (input, init) => fetch(input, init);
// Few open the desk: each of its errors counts.
const reports = createReports({ url, fetch: send, settings: { sampleRate: 1 } });
reportUncaught(window, reports.gather({ source: "desk", version: readBuildVersion(import.meta.url) }));

const session = openDeskSession({
  url,
  fetch: send,
  // Reading the property itself may throw where storage is refused.
  storage: {
    getItem: (key) => sessionStorage.getItem(key),
    setItem: (key, value) => sessionStorage.setItem(key, value),
    removeItem: (key) => sessionStorage.removeItem(key),
  },
  onEnded: () => askToSignIn(strings.signIn.ended),
});
const tools: DeskTools = {
  call: (...call) => session.call(...call),
  refresh: () => frame?.refresh(),
  say: (text) => frame?.say(text),
};

/** Another subject is one panel more in this list. */
function createPanels(): readonly [Panel, ...Panel[]] {
  return [
    createOverviewPanel(tools),
    createConversationsPanel(tools),
    createTopicsPanel(tools),
    createPeoplePanel(tools),
    createRoomsPanel(tools),
    createErrorsPanel(tools),
    createEngagementPanel(tools),
    createModelsPanel(tools),
    createProcessPanel(tools),
  ];
}

function askToSignIn(why: string): void {
  frame?.stop();
  frame = undefined;
  const form = createSignIn({
    why,
    async signIn(password) {
      await session.signIn(password);
      openDesk();
      document.querySelector<HTMLElement>("main section:not([hidden]) h1")?.focus();
    },
  });
  document.title = strings.title;
  page.replaceChildren(form.element);
  form.focus();
}

/** Panels are made anew for each session: nothing of the one before is left on the page. */
function openDesk(): void {
  frame = createDeskFrame(createPanels(), () => {
    session.signOut();
    askToSignIn(strings.signIn.signedOut);
  });
  page.replaceChildren(frame.element);
  frame.start();
}

if (session.isOpen()) openDesk();
else askToSignIn("");
