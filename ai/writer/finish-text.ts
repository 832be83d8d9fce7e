/** Words that are written with a vowel but spoken with a consonant, and the reverse. */
const SPOKEN_CONSONANT = /^(?:uni(?:[^nm]|que)|use|usu|euro|one\b|once\b|ufo|ukulele|u-)/i;
const SPOKEN_VOWEL = /^(?:hour|honest|honor|heir|x-ray|f-|mri\b)/i;

function articleFor(word: string): string {
  if (SPOKEN_VOWEL.test(word)) return "an";
  return /^[aeiou]/i.test(word) && !SPOKEN_CONSONANT.test(word) ? "an" : "a";
}

/**
 * Makes filled text presentable: resolves `a(n)`, tidies spaces and punctuation, and begins every sentence
 * with a capital. A sentence that trails off in "…" keeps going in lower case.
 */
export function finishText(text: string): string {
  return text
    .replaceAll(/\b([Aa])\(n\) (["“]?)(\w[\w-]*)/g, (_, a: string, quote: string, word: string) => {
      const article = articleFor(word);
      return `${a === "A" ? article.charAt(0).toUpperCase() + article.slice(1) : article} ${quote}${word}`;
    })
    .replaceAll(/\s+/g, " ")
    .replaceAll(/ ([,.;:!?…])/g, "$1")
    .replaceAll(/([.!?…])\.(?!\.)/g, "$1")
    .replaceAll(/,([.!?…])/g, "$1")
    .trim()
    .replaceAll(
      /(^["“(]?|[.!?]["”)]? ["“(]?)([a-z])/g,
      (_, before: string, letter: string) => before + letter.toUpperCase(),
    );
}

/** The text with a small first letter, unless its first word is always capital. */
export function withSmallStart(text: string): string {
  return /^(?:I\b|[A-Z][A-Z])/.test(text) ? text : text.charAt(0).toLowerCase() + text.slice(1);
}

const MAY_DOUBLE = new Set([
  "ha",
  "no",
  "yes",
  "very",
  "that",
  "had",
  "so",
  "really",
  "never",
  "na",
  "tick",
  "knock",
  "hey",
]);

/** Whether a word stands twice in a row by accident. */
export function stutters(text: string): boolean {
  const words = text.toLowerCase().match(/[\p{L}\p{N}'’{}:]+/gu) ?? [];
  return words.some((word, at) => at > 0 && word === words[at - 1] && !MAY_DOUBLE.has(word));
}
