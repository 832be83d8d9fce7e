/** Digits and signs that stand in for letters. */
const SIGNS: Readonly<Record<string, string>> = {
  0: "o",
  1: "i",
  3: "e",
  4: "a",
  5: "s",
  7: "t",
  "@": "a",
  $: "s",
  "!": "i",
};

/** Cyrillic and Greek letters, and what they look like. */
const LOOK_ALIKES: ReadonlyMap<string, string> = new Map(
  ["аa", "αa", "еe", "ԁd", "һh", "іi", "ıi", "ιi", "јj", "кk", "κk", "оo", "οo"]
    .concat(["рp", "ρp", "сc", "ѕs", "тt", "τt", "уu", "υu", "νv", "хx", "χx", "гr", "вb", "пn", "мm", "нh"])
    .map((pair) => [pair.slice(0, 1), pair.slice(1)]),
);

const HIDDEN = /[\p{M}\p{Cf}]/gu;
/** Between letters, or before some: an exclamation mark after a word is only that. */
const SIGN_IN_WORD = /(?<=\p{L})[013457@$!]+(?=\p{L})|(?<![\p{L}\p{N}])[45@$](?=\p{L}{2})/gu;
const SPACED_LETTERS = /(?<![\p{L}\p{N}'])(?:\p{L}[\s.*_-]{1,3}){2,}\p{L}(?![\p{L}\p{N}'])/gu;
const DRAWN_OUT = /(\p{L})\1{2,}/gu;

/**
 * The words of a text in plain small letters, however they are dressed up: "F u c k", "sh1t", a Cyrillic "а", a
 * "fuuuck", invisible characters inside a word. For searching only: what is innocent may read oddly.
 */
export function toPlainText(text: string): string {
  return text
    .normalize("NFKD")
    .replaceAll(HIDDEN, "")
    .toLowerCase()
    .replaceAll("’", "'")
    .replaceAll(/[\p{Script=Cyrillic}\p{Script=Greek}ı]/gu, (letter) => LOOK_ALIKES.get(letter) ?? letter)
    .replaceAll(SIGN_IN_WORD, (signs) => Array.from(signs, (sign) => SIGNS[sign] ?? sign).join(""))
    .replaceAll(SPACED_LETTERS, (letters) => letters.replaceAll(/[^\p{L}]/gu, ""))
    .replaceAll(DRAWN_OUT, "$1");
}
