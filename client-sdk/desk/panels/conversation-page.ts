import { el } from "../../demo/element.ts";
import { toHash } from "../../demo/frame/route.ts";
import { createFigureList } from "../parts/figure-list.ts";
import { createTwoStep } from "../parts/two-step.ts";
import { strings } from "../strings.ts";
import { toCount, toMoment } from "../to-words.ts";

const words = strings.conversations;

/** What the desk shows of a conversation (`GET /api/admin/pool/conversations/:id` holds more). */
export interface DeskConversation {
  id: string;
  topicText: string;
  difficulty: string;
  overallSentiment: string;
  generationMethod: string;
  viewCount: number;
  createdAtMs: number;
  expiresAtMs: number;
  roles: { slot: number; archetype: string }[];
  messages: { slot: number; text: string }[];
}

/** One conversation as one reads a play, and the way to take it out of the pool. */
export function createConversationPage(shown: DeskConversation, remove: () => Promise<void>): Node[] {
  const nowMs = Date.now();
  const nameOf = (slot: number) =>
    shown.roles.find((role) => role.slot === slot)?.archetype ?? words.slot(slot);
  return [
    el("a", { class: "back", attrs: { id: "back", href: toHash("conversations") } }, words.back),
    el("h2", { attrs: { dir: "auto" } }, shown.topicText),
    createFigureList([
      { label: words.difficulty, value: shown.difficulty },
      { label: words.sentiment, value: shown.overallSentiment },
      { label: words.method, value: shown.generationMethod },
      { label: words.views, value: toCount(shown.viewCount) },
      { label: words.written, value: toMoment(shown.createdAtMs, nowMs) },
      { label: words.expires, value: toMoment(shown.expiresAtMs, nowMs) },
    ]),
    el(
      "ol",
      { class: "script" },
      ...shown.messages.map(({ slot, text }) =>
        el(
          "li",
          { attrs: { dir: "auto" } },
          el("strong", {}, `${nameOf(slot)}: `),
          text.replace(/\{slot:(\d+)\}/g, (_, named: string) => `@${nameOf(Number(named))}`),
        ),
      ),
    ),
    createTwoStep({
      id: "remove-conversation",
      label: words.remove,
      question: words.removeQuestion,
      yes: words.removeYes,
      act: remove,
    }),
  ];
}
