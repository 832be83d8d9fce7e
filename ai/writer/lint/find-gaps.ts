import { TOPIC_KINDS } from "#schema/stored/topic.ts";
import { ARCHETYPES } from "#schema/vocabulary.ts";
import { MODES, QUESTION_FORMS, REACTION_FORMS, STANCES, suits } from "../acts.ts";
import type { Act, Form, Mode } from "../acts.ts";
import type { Frame } from "../read-content.ts";

/** Frames a speaker must be able to choose from at every turn. */
const FEWEST_CHOICES = 3;

/** Acts and forms a plan can ask for, by how freely the topic may be talked about. */
function plannedBeats(mode: Mode): [Act, Form | undefined][] {
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
export function findGaps(frames: readonly Frame[]): string[] {
  const gaps = new Set<string>();
  for (const mode of MODES) {
    for (const [act, form] of plannedBeats(mode)) {
      const inMode = frames.filter((it) => it.act === act && suits(it.form, form) && it.modes.includes(mode));
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
