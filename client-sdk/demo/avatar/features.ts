import type { Element, Rarity } from "#schema/vocabulary.ts";

/** What a portrait is made from. Without element and rarity (not loaded yet) the id alone decides. */
export interface Sitter {
  id: string;
  element?: Element;
  secondaryElement?: Element | null;
  rarity?: Rarity;
}

export const BODIES = ["blob", "egg", "pear", "box", "drop", "ghost", "fluff"] as const;
export const EARS = ["cat", "bunny", "bear", "horns", "antennae", "floppy", "fins", "none"] as const;
export const EYES = ["dots", "big", "sleepy", "cyclops", "wide", "three"] as const;
export const PATTERNS = ["belly", "spots", "stripes", "freckles", "mask", "plain"] as const;
const MOUTHS = ["smile", "cat", "fang", "beak"] as const;

/** Everything a portrait is drawn from: the same sitter always looks the same. */
export interface Features {
  body: (typeof BODIES)[number];
  ears: (typeof EARS)[number];
  eyes: (typeof EYES)[number];
  pattern: (typeof PATTERNS)[number];
  mouth: (typeof MOUTHS)[number];
  element: Element | undefined;
  rarity: Rarity | undefined;
  /** OKLCH hue of body and of markings, degrees. */
  hue: number;
  markingHue: number;
  /** OKLCH chroma and lightness of the body. */
  chroma: number;
  lightness: number;
  cheeks: boolean;
  feet: boolean;
  /** Small lean of the whole creature, degrees. */
  tilt: number;
}

/** Hue, chroma and lightness that an element lends its creatures. */
const ELEMENT_COLORS: Record<Element, { hue: number; chroma: number; lightness: number }> = {
  fire: { hue: 40, chroma: 0.17, lightness: 0.72 },
  water: { hue: 238, chroma: 0.13, lightness: 0.7 },
  earth: { hue: 68, chroma: 0.09, lightness: 0.68 },
  air: { hue: 200, chroma: 0.08, lightness: 0.84 },
  light: { hue: 92, chroma: 0.14, lightness: 0.87 },
  shadow: { hue: 300, chroma: 0.13, lightness: 0.56 },
  nature: { hue: 142, chroma: 0.14, lightness: 0.73 },
  metal: { hue: 262, chroma: 0.03, lightness: 0.74 },
};

/** The features of a creature, from its id, elements and rarity alone. */
export function toFeatures(sitter: Sitter): Features {
  const roll = createRolls(sitter.id);
  const body = roll.of(BODIES);
  const ears = roll.of(EARS);
  const eyes = roll.of(EYES);
  const pattern = roll.of(PATTERNS);
  const mouth = roll.of(MOUTHS);
  const lean = roll.number();
  const shift = roll.number();
  const anyHue = roll.number() * 360;
  const color = sitter.element
    ? ELEMENT_COLORS[sitter.element]
    : { hue: anyHue, chroma: 0.12, lightness: 0.74 };
  const hue = Math.round(color.hue + (shift - 0.5) * 30 + 360) % 360;
  const second = sitter.secondaryElement
    ? ELEMENT_COLORS[sitter.secondaryElement].hue
    : hue + 40 + shift * 60;
  return {
    body,
    ears,
    eyes,
    pattern,
    mouth,
    element: sitter.element,
    rarity: sitter.rarity,
    hue,
    markingHue: Math.round(second) % 360,
    chroma: color.chroma,
    lightness: color.lightness,
    cheeks: roll.number() < 0.6,
    feet: body !== "ghost" && roll.number() < 0.75,
    tilt: Math.round((lean - 0.5) * 8),
  };
}

/** The hue of a chatling's bubbles and name: the one of its body. */
export function toHue(sitter: Sitter): number {
  return toFeatures(sitter).hue;
}

/** Numbers in [0, 1) that follow from a text: FNV-1a, then a multiply-and-shift generator. */
function createRolls(seed: string): {
  number(): number;
  of<T>(list: readonly [T, ...T[]] | readonly T[]): T;
} {
  let state = 0x811c9dc5;
  for (let i = 0; i < seed.length; i++) state = Math.imul(state ^ seed.charCodeAt(i), 0x01000193) >>> 0;
  const number = () => {
    state = (state + 0x9e3779b9) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 16), 0x21f0aaad);
    mixed = Math.imul(mixed ^ (mixed >>> 15), 0x735a2d97);
    return ((mixed ^ (mixed >>> 15)) >>> 0) / 2 ** 32;
  };
  return { number, of: (list) => list[Math.floor(number() * list.length)] as (typeof list)[number] };
}
