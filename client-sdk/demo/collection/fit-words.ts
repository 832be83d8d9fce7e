import type { Chatling, PlayedRole, RoleFit } from "#schema/api.ts";
import { strings } from "../strings.ts";

const words = strings.fit;

/** Why a chatling got its score in a role, in a sentence or two for each part of the score. */
export function toFitWords({ fit }: Pick<PlayedRole, "fit">, chatling: Pick<Chatling, "rarity">): string[] {
  if (!fit) return [words.gone];
  const parts = [
    ["personality", describePersonality(fit)],
    ["element", describeElement(fit)],
    ["rarity", words.rarity(strings.rarity[chatling.rarity] ?? chatling.rarity)],
  ] as const;
  return parts.map(([part, description]) => {
    const { points, most } = fit[part];
    return most === 0 ? description : `${words.part(part, points, most)} ${description}`;
  });
}

function describePersonality({ traits, wantedTraits }: RoleFit): string {
  const named = (test: (evidence: number) => boolean) =>
    traits.filter(({ evidence }) => test(evidence)).map(({ trait }) => trait);
  const exact = named((evidence) => evidence === 1);
  const close = named((evidence) => evidence > 0 && evidence < 1);
  const against = named((evidence) => evidence < 0);
  const sentences = [
    exact.length > 0 && words.exact(strings.and(exact)),
    close.length > 0 && words.close(strings.and(close)),
    exact.length + close.length === 0 && words.nothing(strings.and(wantedTraits)),
    against.length > 0 && words.against(strings.and(against)),
  ];
  return sentences.filter((sentence) => sentence !== false).join(" ");
}

function describeElement({ wantedElement, element }: RoleFit): string {
  if (wantedElement === null) return words.anyElement;
  const name = strings.element[wantedElement] ?? wantedElement;
  if (element.points === 0) return words.otherElement(name);
  return element.points < element.most ? words.secondElement(name) : words.firstElement(name);
}
