/** Alternatives of a pattern; only words come in here. */
const words = (list: string) => list.replaceAll(" ", "|");

const BARE = words(
  "mention make think see feel go come take give know say want need like love hear get find try ask tell look wonder notice keep bring seem mean",
);
const PRESENT = words(
  "mentions makes thinks sees feels goes comes takes gives knows says wants needs likes loves hears gets finds tries asks tells looks wonders keeps brings seems means beats stays helps hides wins works matters counts stands remains deserves belongs starts ends costs hurts saves cures is has does was",
);
const AUXILIARY = words("may might can could can't will would won't wouldn't should must");
const PREPOSITION = words(
  "of in for with to about on at by from than like after before over under near without into around past behind beside against between through minus plus beyond despite and",
);
const SUBJECT = `${words("i you we they anyone anybody somebody someone nobody everyone everybody pip moss")}|(?:the )?red kites?`;
const COUNTED = words(
  "point reason thing question vote giggle thumb heart paw friend word side step minute day",
);
const SOMETIMES = "(?:ever |never |really |also |still )?";

/** Heads of fillers: a list such as `{companion}` holds both, so only forms that suit both may follow. */
const PLURAL = words(
  "cousins strangers sailors frogs crabs ducklings penguins ants friends folk people regulars children",
);
const SINGULAR = words(
  "aunt uncle goose owl badger librarian gardener family room everyone village walrus tortoise",
);
/** What ends in s behind a plural and is no verb. */
const NO_VERB = words("us this as across less always perhaps besides cross");

const slip = (pattern: string) => new RegExp(pattern, "i");
const NOT_BEHIND_PREPOSITION = `(?<!\\b(?:${PREPOSITION}) )\\b`;
const NOT_IN_PHRASE = `(?<!\\b(?:${PREPOSITION}) (?:\\w+ ){1,3})\\b`;

/** What is wrong whatever stands around it; "red kites" stands in for a noun phrase. */
const SLIPS: readonly RegExp[] = [
  // "Have I mention", "have red kites ever make"
  slip(`\\b(?:have|has|had|haven't|hasn't) (?:${SUBJECT}) ${SOMETIMES}(?:${BARE})\\b`),
  // "did you knows", "might knows"
  slip(
    `\\b(?:do|does|did|don't|doesn't|didn't|${AUXILIARY}) (?:${SUBJECT}) ${SOMETIMES}(?:${PRESENT})\\b(?! it)`,
  ),
  slip(`\\b(?:doesn't|didn't|don't|let's|${AUXILIARY}) ${SOMETIMES}(?:${PRESENT})\\b`),
  // "not many knows"
  slip(`(?<!\\bone of )\\b(?:many|few|both|all of us|most of us|we|they|you) (?:${PRESENT})\\b`),
  // "two point", "one reasons"
  slip(`\\b(?:two|three|four|five|six|ten|many|several|both|few) (?:${COUNTED})\\b(?!-)`),
  slip(`\\b(?:one|another|each|every|a single) (?:${COUNTED})s\\b`),
  // "red kites is", "three frogs wants", unless they hang on a preposition
  slip(`${NOT_BEHIND_PREPOSITION}(?:the red kite (?:are|have|were)|red kites (?:${PRESENT}))\\b`),
  slip(`${NOT_IN_PHRASE}(?:${PLURAL}) ${SOMETIMES}(?!(?:${NO_VERB})\\b)[a-z]+s\\b`),
  slip(`${NOT_IN_PHRASE}(?:${SINGULAR}) ${SOMETIMES}(?:are|were|have|do|know|say|think|agree)\\b`),
  // "the the", "no a"
  /\b(?:an?|the|no|my|your|our|every|any|these|those) (?:an?|the|my|your|our|its|half the)\b/i,
  // "an boat", "a owl"
  /\ban (?![aeioux]|hour|hon|heir|m)\w+/i,
  /\ba (?!uni|use|usu|euro|one\b|once\b|ukulele|u-|ewe)[aeiou]\w+/i,
];

/** Phrases of broken grammar in the ways a pattern can come out, each once. */
export function findSlips(texts: readonly string[]): string[] {
  const matches = texts.flatMap((text) => SLIPS.map((pattern) => pattern.exec(text)?.[0]));
  return [...new Set(matches.filter((match) => match !== undefined))];
}
