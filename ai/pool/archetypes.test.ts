import { expect, test } from "vitest";
import { ARCHETYPES } from "#schema/vocabulary.ts";
import { archetypes, getArchetype, parseArchetypes } from "./archetypes.ts";
import { InvalidContentError, readContentText } from "./read-content.ts";
import { traitLexicon } from "./trait-lexicon.ts";

const shipped = readContentText(new URL("./content/archetypes.yaml", import.meta.url));

const parse = (text: string) => () => parseArchetypes("a.yaml", text, traitLexicon.traits);

test("every archetype of the vocabulary is described with five traits that the lexicon knows", () => {
  expect([...archetypes.keys()].toSorted()).toEqual([...ARCHETYPES].toSorted());
  for (const { traits } of archetypes.values()) {
    expect(traits).toHaveLength(5);
    for (const trait of traits) expect(traitLexicon.traits).toContain(trait);
  }
  expect(getArchetype("skeptic").traits).toEqual([
    "cautious",
    "critical",
    "analytical",
    "serious",
    "thoughtful",
  ]);
});

test("no two archetypes ask for nearly the same traits", () => {
  for (const one of archetypes.values()) {
    for (const other of archetypes.values()) {
      if (one.id === other.id) continue;
      expect(one.traits.filter((trait) => other.traits.includes(trait)).length).toBeLessThanOrEqual(1);
    }
  }
});

test.each([
  ["a trait no lexicon knows", shipped.replace("cheerful", "zesty"), /a\.yaml: optimist has the trait zesty/],
  ["a missing archetype", shipped.replace(/ {2}- id: scholar[\s\S]*$/, ""), /scholar is missing/],
  ["an unknown id", shipped.replace("id: shy", "id: ghost"), /archetypes\.5\.id/],
  ["an archetype told twice", shipped.replace("id: rebel", "id: leader"), /leader is there twice/],
  [
    "weights that do not sum to 1",
    shipped.replace("{ personality: 0.8,", "{ personality: 0.9,"),
    /the weights of optimist sum to 1\.1/,
  ],
  ["four traits", shipped.replace("[cheerful, ", "["), /archetypes\.0\.traits/],
  ["a misspelt field", shipped.replace("speakingStyle: ", "speekingStyle: "), /speekingStyle/],
  ["text that is not YAML", "archetypes: [", /a\.yaml: /],
])("a file with %s is refused with a message that names it", (_what, text, message) => {
  expect(parse(text)).toThrow(InvalidContentError);
  expect(parse(text)).toThrow(message);
});
