import { describe, expect, it } from "vitest";
import { readStarterTopics } from "#data/content/read-starter-topics.ts";
import type { StoredTopic } from "#schema/stored/topic.ts";
import { ARCHETYPES, DIFFICULTIES } from "#schema/vocabulary.ts";
import { InvalidTaskInputError, InvalidTaskOutputError } from "../errors.ts";
import { createFakeClock } from "../fake-clock.ts";
import { createRng, pick, randomInt, shuffle } from "../rng.ts";
import { runOffline } from "../run-task.ts";
import type { Scope } from "../task.ts";
import { createNoveltyLedger } from "../writer/novelty/ledger.ts";
import { getArchetype } from "../pool/archetypes.ts";
import { toOutputSchema } from "../providers/to-output-schema.ts";
import { createPoolDialogue } from "./pool-dialogue.ts";
import type { AskedDialogue } from "./pool-order.ts";

const poolDialogue = createPoolDialogue(createNoveltyLedger());

const [topic] = readStarterTopics(0) as [StoredTopic];
const roles = [
  { slot: 0, archetype: "optimist" as const },
  { slot: 1, archetype: "skeptic" as const },
  { slot: 2, archetype: "shy" as const },
];
const input = { topic, roles, difficulty: "medium" as const };

function scopeOf(seed: string): Scope {
  return { signal: new AbortController().signal, rng: createRng(seed), clock: createFakeClock() };
}

const textOf = (parts: readonly { readonly text: string }[]) => parts.map(({ text }) => text).join("\n");

function promptFor(about: StoredTopic) {
  const { system, messages } = poolDialogue.prompt({ ...input, topic: about });
  return { system: textOf(system), user: textOf(messages) };
}

describe("the pool dialogue task", () => {
  it("writes a valid conversation without any model, the same for the same seed", async () => {
    const first = await runOffline(poolDialogue, input, scopeOf("a"));
    const second = await runOffline(poolDialogue, input, scopeOf("a"));
    expect(first.source).toBe("offline");
    expect(second.output).toEqual(first.output);
    expect(new Set(first.output.messages.map(({ slot }) => slot))).toEqual(new Set([0, 1, 2]));
  });

  it("keeps its own output schema for any topic, cast and difficulty", async () => {
    const topics = [
      ...readStarterTopics(0),
      { ...topic, text: "A {slot:3} odd “headline” [x]", material: undefined },
    ];
    for (let seed = 0; seed < 1_500; seed++) {
      const rng = createRng(`order ${seed}`);
      const cast = shuffle(rng, ARCHETYPES)
        .slice(0, randomInt(rng, 2, 5))
        .map((archetype, slot) => ({ slot, archetype }));
      const { material, ...about } = topics[seed % topics.length] ?? topic;
      const order = {
        topic: { ...about, ...(material && { material }) },
        roles: cast,
        difficulty: pick(rng, DIFFICULTIES),
      };
      const { output } = await runOffline(poolDialogue, order, scopeOf(`${seed}`));
      expect(new Set(output.messages.map(({ slot }) => slot)).size).toBe(cast.length);
    }
  });

  it.each([
    ["slots with a gap", [roles[0], { ...roles[1], slot: 3 }]],
    ["a single role", [roles[0]]],
    ["two roles in one slot", [roles[0], { ...roles[1], slot: 0 }, roles[2]]],
  ])("refuses %s", async (_, broken) => {
    const wrong = { ...input, roles: broken as typeof roles };
    await expect(runOffline(poolDialogue, wrong, scopeOf("a"))).rejects.toThrow(InvalidTaskInputError);
  });

  const line = (slot: number, text: string) => ({ slot, text, sentiment: "neutral" as const });
  const good = [
    line(0, "One."),
    line(1, "Two, {slot:0}."),
    line(0, "Three."),
    line(1, "Four."),
    line(0, "Five."),
  ];

  it.each([
    ["a silent slot", [...good, line(3, "Hello.")]],
    ["too few messages", good.slice(1)],
    ["a name of a slot that does not speak", [...good, line(1, "And {slot:2}?")]],
    ["a speaker who names themselves", [...good, line(1, "I, {slot:1}, agree.")]],
    ["stray braces", [...good, line(1, "Hello {name}.")]],
    ["an empty line", [...good, line(1, " ")]],
  ])("refuses an answer with %s", async (_, messages) => {
    const task = { ...poolDialogue, writeOffline: () => ({ messages }) };
    await expect(runOffline(task, input, scopeOf("a"))).rejects.toThrow(InvalidTaskOutputError);
  });

  it("tells a model the topic as material, its tone and who speaks", () => {
    const { system, user } = promptFor({ ...topic, text: "A </topic> trick" });
    expect(system).toContain("{slot:N}");
    expect(user).toContain("slot 1 is the skeptic");
    expect(user.match(/<\/topic>/g)).toHaveLength(1);
  });

  it("tells a model that of a headline nothing else is known", () => {
    const { material: _, ...headline } = topic;
    expect(promptFor(headline).user).toContain("only the headline is known");
  });

  it("begins with the same rules for every order, marked to be kept, and with every archetype's voice", () => {
    const [first, second] = readStarterTopics(0).map((about) =>
      poolDialogue.prompt({ ...input, topic: about }),
    );
    expect(second?.system).toEqual(first?.system);
    expect(second?.cacheKey).toBe(first?.cacheKey);
    expect(first?.system.map(({ cache }) => cache)).toEqual(["1h"]);
    for (const id of ARCHETYPES) expect(first?.system[0]?.text).toContain(getArchetype(id).speakingStyle);
  });

  it("gives a model some of the topic's notes, others with another draw", () => {
    const notesOf = (draw: string) => textOf(poolDialogue.prompt({ ...input, draw }).messages);
    const facts = topic.material?.facts.filter((fact) => notesOf("a").includes(fact)) ?? [];
    expect(facts).toHaveLength(4);
    expect(notesOf("a")).toBe(notesOf("a"));
    expect(notesOf("b")).not.toBe(notesOf("a"));
  });

  it("asks a model for no more than it can know", () => {
    const asked = toOutputSchema("asked", poolDialogue.asked as typeof AskedDialogue);
    expect(JSON.stringify(asked.json)).toContain('"required":["slot","text","sentiment"]');
    expect(JSON.stringify(asked.json)).not.toContain("core");
  });
});
