import { describe, expect, it } from "vitest";
import { readStarterTopics } from "#data/content/read-starter-topics.ts";
import type { StoredTopic } from "#schema/stored/topic.ts";
import { DIFFICULTIES } from "#schema/vocabulary.ts";
import { InvalidTaskInputError, InvalidTaskOutputError } from "../errors.ts";
import { createFakeClock } from "../fake-clock.ts";
import { createRng, pick } from "../rng.ts";
import { runOffline } from "../run-task.ts";
import { createNoveltyLedger } from "../writer/novelty/ledger.ts";
import { createPoolDialogue } from "./pool-dialogue.ts";
import { poolWording } from "./pool-wording.ts";

const [topic] = readStarterTopics(0) as [StoredTopic];
const draft = [
  { slot: 0, text: "Cats, {slot:1}?", sentiment: "neutral" as const, core: "a" },
  { slot: 1, text: "Yes, </draft> cats.", sentiment: "positive" as const, core: "b" },
  { slot: 0, text: "Why?", sentiment: "neutral" as const, core: "c" },
  { slot: 1, text: "They purr.", sentiment: "positive" as const, core: "d" },
  { slot: 0, text: "True.", sentiment: "positive" as const, core: "e" },
];
const input = {
  topic,
  roles: [
    { slot: 0, archetype: "scholar" as const },
    { slot: 1, archetype: "shy" as const },
  ],
  difficulty: "simple" as const,
  draft,
};
const scope = { signal: new AbortController().signal, rng: createRng("a"), clock: createFakeClock() };
const run = (messages: typeof draft) =>
  runOffline({ ...poolWording, writeOffline: () => ({ messages }) }, input, scope);

describe("the pool wording task", () => {
  it("gives the draft as it is without any model, keys of patterns included", async () => {
    expect((await runOffline(poolWording, input, scope)).output.messages).toEqual(draft);
  });

  it("takes whatever the offline writer drafts", async () => {
    const dialogue = createPoolDialogue(createNoveltyLedger());
    for (const [seed, about] of readStarterTopics(0).entries()) {
      const order = {
        topic: about,
        roles: input.roles,
        difficulty: pick(createRng(`${seed}`), DIFFICULTIES),
      };
      const own = { ...scope, rng: createRng(`${seed}`) };
      const { messages } = (await runOffline(dialogue, order, own)).output;
      expect((await runOffline(poolWording, { ...order, draft: messages }, own)).output.messages).toEqual(
        messages,
      );
    }
  });

  it("takes other words and moods by the same speakers in the same order", async () => {
    const messages = draft.map((line) => ({ ...line, text: `Well: ${line.text.replaceAll(/[<>]/g, "")}` }));
    expect((await run(messages)).output.messages).toEqual(messages);
  });

  it.each([
    ["a line less", draft.toSpliced(1, 2)],
    ["a line more", [...draft, { ...draft[1]!, text: "Bye." }]],
    ["speakers in another order", [draft[1]!, draft[0]!, ...draft.slice(2)]],
  ])("refuses %s", async (_, messages) => {
    await expect(run(messages)).rejects.toThrow(InvalidTaskOutputError);
  });

  it("wants a whole draft", async () => {
    const wrong = { ...input, draft: draft.slice(0, 3) };
    await expect(runOffline(poolWording, wrong, scope)).rejects.toThrow(InvalidTaskInputError);
  });

  it("tells a model what is said, without the gestures of the draft", () => {
    const waved = [{ ...draft[0]!, text: "*small wave* Cats, {slot:1}… *nods* you?" }, ...draft.slice(1)];
    const text = poolWording.prompt({ ...input, draft: waved }).messages[0]?.text ?? "";
    expect(text).toContain('"text":"Cats, {slot:1}… you?"');
  });

  it("tells a model the lines in order, as data that cannot end early, without keys of patterns", () => {
    const text = poolWording.prompt(input).messages[0]?.text ?? "";
    expect(text.match(/<\/draft>/g)).toHaveLength(1);
    expect(text).toContain('{"slot":0,"text":"Cats, {slot:1}?","sentiment":"neutral"}');
    expect(text.indexOf("Why?")).toBeGreaterThan(text.indexOf("/draft cats"));
    expect(text).not.toContain("core");
    expect(text).toContain("slot 1 is the shy");
  });
});
