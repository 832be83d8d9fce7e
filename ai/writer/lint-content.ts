import { TOPIC_KINDS } from "#schema/stored/topic.ts";
import { ARCHETYPES } from "#schema/vocabulary.ts";
import { MODES, QUESTION_FORMS, REACTION_FORMS, STANCES } from "./acts.ts";
import type { Act, Form } from "./acts.ts";
import { NOUN_SLOTS, slotsOf } from "./frame.ts";
import type { Token } from "./frame.ts";
import type { Frame, Voice, WriterContent } from "./read-content.ts";

/** Slots the writer fills itself; every other name is a filler list. */
const OWN_SLOTS: ReadonlySet<string> = new Set(
  "topic headline phrase good bad echo echo+ echo- fact pro con reason their name other think".split(" "),
);

/** Frames a speaker must be able to choose from at every turn. */
const FEWEST_CHOICES = 3;

/** Fillers that bring geese and teapots into the talk. */
const PLAYFUL = ["object", "animal", "prize"];

const GENDERED =
  /\b(?:he|she|him|her|his|hers|himself|herself|guys?|dude|girls?|boys?|lady|ladies|gentlem[ae]n)\b/i;
const HURTFUL = /\b(?:stupid|idiots?|dumb|ugly|fat|hate you|shut up|kill|die|damn|hell)\b/i;

/** Everything wrong with the writer's content, one line a problem, naming the frame. */
export function lintContent(content: WriterContent): string[] {
  return [
    ...content.frames.flatMap((frame) => lintFrame(frame, content)),
    ...findDuplicates(content.frames),
    ...ARCHETYPES.flatMap((archetype) => {
      const voice = content.voices.get(archetype);
      return voice ? lintVoice(voice, content) : [`no voice for ${archetype}`];
    }),
    ...lintSkeletons(content),
    ...findGaps(content),
  ];
}

function lintFrame(frame: Frame, content: WriterContent): string[] {
  const problems: string[] = [];
  const complain = (what: string) => problems.push(`${frame.act}: ${what}: ${frame.source}`);
  for (const slot of unknownSlots(frame.tokens, content)) complain(`nothing fills {${slot}}`);
  if (GENDERED.test(frame.source)) complain("a speaker or creature is given a gender");
  if (HURTFUL.test(frame.source)) complain("hurtful word");
  if (!/[.!?…]["”*]?$/.test(frame.source)) complain("no end mark");
  if (agreesWithNothing(frame.tokens)) complain("nothing before or after it for a verb to agree with");
  const asks = frame.source.includes("?");
  const mustAsk = frame.act === "ask" || (frame.act === "opening" && frame.form !== undefined);
  if (mustAsk && !asks) complain("a question without a question mark");
  if (frame.act === "closing" && asks) complain("nobody could answer a question at the end");
  if (frame.modes.includes("news") && frame.slots.has("fact")) complain("a headline has no facts");
  if (!frame.modes.includes("news") && frame.slots.has("headline")) complain("only headlines are quoted");
  const grave = frame.modes.some((mode) => mode !== "light");
  if (grave && PLAYFUL.some((slot) => frame.slots.has(slot))) complain("too playful for sober topics");
  if (frame.act === "joke" && frame.modes.some((mode) => mode !== "light"))
    complain("jokes are for light topics");
  return problems;
}

/** Whether a `{is|are}` stands where no noun phrase precedes it, or a `{>is|are}` where none follows. */
function agreesWithNothing(tokens: readonly Token[]): boolean {
  const isNoun = (token: Token) => slotsOf([token]).some((slot) => NOUN_SLOTS.has(slot));
  return tokens.some((token, at) => {
    if (token.type !== "number" || token.one === token.many) return false;
    const scope = token.ahead ? tokens.slice(at + 1) : tokens.slice(0, at);
    return !scope.some(isNoun);
  });
}

function unknownSlots(tokens: readonly Token[], content: WriterContent): string[] {
  return slotsOf(tokens).filter((slot) => !OWN_SLOTS.has(slot) && !content.fillers.has(slot));
}

function findDuplicates(frames: readonly Frame[]): string[] {
  const seen = new Set<string>();
  return frames.flatMap(({ act, form, source }) => {
    const key = `${act} ${form ?? ""} ${source.toLowerCase().replaceAll(/[^a-z{}|]+/g, " ")}`;
    if (seen.has(key)) return [`${act}: stands twice: ${source}`];
    seen.add(key);
    return [];
  });
}

function lintVoice(voice: Voice, content: WriterContent): string[] {
  const { archetype, openers, closers, think, links } = voice;
  const lists = [openers, closers, links, think].flatMap((sorts) => Object.values(sorts));
  const phrasings = lists.flat();
  const unknown = phrasings.flatMap((tokens) => unknownSlots(tokens, content));
  return unknown.map((slot) => `voice ${archetype}: nothing fills {${slot}}`);
}

function lintSkeletons({ skeletons, exchanges }: WriterContent): string[] {
  return skeletons.flatMap(({ id, exchanges: row }) =>
    row
      .filter((entry) => !exchanges.has(entry.replace(/\?$/, "")))
      .map((entry) => `skeleton ${id}: no exchange is called ${entry}`),
  );
}

/** Acts and forms a plan can ask for, by how freely the topic may be talked about. */
function plannedBeats(mode: (typeof MODES)[number]): [Act, Form | undefined][] {
  const questions = QUESTION_FORMS.filter((form) => {
    if (form === "later") return mode === "news";
    return mode === "light" || !["pick", "gone", "more"].includes(form);
  });
  const news = mode === "news";
  const plain: Act[] = ["opening", "claim", "agree", "challenge", "defend", "concede", "mediate", "closing"];
  if (!news) plain.push("fact", "anecdote");
  if (mode === "light") plain.push("joke");
  const reactions = REACTION_FORMS.filter((form) => !news && (form !== "joke" || mode === "light"));
  const openings = questions.filter((form) => ["opinion", "yesno", "doubt", "pick"].includes(form));
  return [
    ...plain.map((act): [Act, undefined] => [act, undefined]),
    ...openings.map((form): [Act, Form] => ["opening", form]),
    ...questions.flatMap((form): [Act, Form][] => [
      ["ask", form],
      ["answer", form],
    ]),
    ...reactions.map((form): [Act, Form] => ["react", form]),
  ];
}

/** Places where a speaker would find fewer than three frames. */
function findGaps({ frames }: WriterContent): string[] {
  const gaps = new Set<string>();
  for (const mode of MODES) {
    for (const [act, form] of plannedBeats(mode)) {
      const inMode = frames.filter((it) => it.act === act && it.form === form && it.modes.includes(mode));
      for (const stance of STANCES) {
        if ((act === "challenge" || act === "defend") && stance === "open") continue;
        for (const kind of mode === "news" ? [undefined] : TOPIC_KINDS) {
          for (const archetype of ARCHETYPES) {
            const choices = inMode.filter(
              (it) =>
                (!it.stance || it.stance === stance) &&
                (!it.who || it.who.includes(archetype)) &&
                (!it.kinds || (kind && it.kinds.includes(kind))) &&
                !it.slots.has("their"),
            );
            if (choices.length >= FEWEST_CHOICES) continue;
            gaps.add(`${act}${form ? ` ${form}` : ""}: too few frames for ${stance} ${archetype}, ${mode}`);
          }
        }
      }
    }
  }
  return [...gaps];
}
