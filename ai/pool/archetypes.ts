import * as z from "zod/mini";
import { ARCHETYPES, ELEMENTS, type ArchetypeId } from "#schema/vocabulary.ts";
import { InvalidContentError, parseContent, readContentText } from "./read-content.ts";
import { traitLexicon } from "./trait-lexicon.ts";

const Weight = z.number().check(z.gte(0), z.lte(1));

const ArchetypeShape = z.strictObject({
  id: z.enum(ARCHETYPES),
  name: z.string().check(z.minLength(1)),
  description: z.string().check(z.minLength(1)),
  speakingStyle: z.string().check(z.minLength(1)),
  traits: z.array(z.string()).check(z.length(5)),
  kindred: z.array(z.enum(ARCHETYPES)),
  elements: z.array(z.enum(ELEMENTS)).check(z.minLength(1)),
  weights: z.strictObject({ personality: Weight, element: Weight, rarity: Weight }),
});

/** A kind of part that a conversation can have, as its writer described it. */
export type Archetype = z.infer<typeof ArchetypeShape>;

/** Reads an archetype file. @throws InvalidContentError naming every fault a writer has to mend. */
export function parseArchetypes(
  file: string,
  text: string,
  knownTraits: ReadonlySet<string>,
): ReadonlyMap<ArchetypeId, Archetype> {
  const { archetypes } = parseContent(file, text, z.strictObject({ archetypes: z.array(ArchetypeShape) }));
  const faults: string[] = [];
  const byId = new Map<ArchetypeId, Archetype>();
  for (const archetype of archetypes) {
    const { id, traits, weights, kindred } = archetype;
    if (byId.has(id)) faults.push(`${id} is there twice`);
    byId.set(id, archetype);
    for (const trait of traits) {
      if (!knownTraits.has(trait))
        faults.push(`${id} has the trait ${trait}, which traits.yaml does not declare`);
    }
    if (new Set(traits).size < traits.length) faults.push(`${id} lists a trait twice`);
    if (kindred.includes(id)) faults.push(`${id} is kindred to itself`);
    const sum = weights.personality + weights.element + weights.rarity;
    if (Math.abs(sum - 1) > 1e-9) faults.push(`the weights of ${id} sum to ${sum}, not 1`);
  }
  for (const id of ARCHETYPES) if (!byId.has(id)) faults.push(`${id} is missing`);
  if (faults.length > 0) throw new InvalidContentError(file, faults);
  return byId;
}

const file = "ai/pool/content/archetypes.yaml";
const url = new URL("./content/archetypes.yaml", import.meta.url);

/** The shipped archetypes by id, checked once at import. */
export const archetypes: ReadonlyMap<ArchetypeId, Archetype> = parseArchetypes(
  file,
  readContentText(url),
  traitLexicon.traits,
);

/** The archetype of that id. */
export function getArchetype(id: ArchetypeId): Archetype {
  const archetype = archetypes.get(id);
  if (archetype === undefined) throw new RangeError(`no archetype ${id}`);
  return archetype;
}
