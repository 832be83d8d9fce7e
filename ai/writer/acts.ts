/** What a line does in the conversation. */
export const ACTS = [
  "opening",
  "claim",
  "fact",
  "ask",
  "answer",
  "agree",
  "challenge",
  "defend",
  "concede",
  "joke",
  "react",
  "mediate",
  "anecdote",
  "closing",
] as const;
export type Act = (typeof ACTS)[number];

/**
 * What is asked, so that the answer fits. `yesno` is asked so that yes means "for the topic", `doubt` so
 * that yes means "against it"; `pick` offers two phrases; `gone` and `more` imagine a world without the
 * topic or full of it; `later` wonders how a headline will look tomorrow; `why` asks for a claim's reason.
 */
export const QUESTION_FORMS = ["opinion", "yesno", "doubt", "why", "pick", "gone", "more", "later"] as const;
/** What a reaction reacts to; stories may be glad or sad, and what is said to any `story` suits those as well. */
export const REACTION_FORMS = ["joke", "fact", "story", "glad", "sad"] as const;
export const FORMS = [...QUESTION_FORMS, ...REACTION_FORMS] as const;
export type Form = (typeof FORMS)[number];
/** Whether a frame of a form can be said where another is asked for. */
export function suits(form: Form | undefined, wanted: Form | undefined): boolean {
  return form === wanted || (form === "story" && (wanted === "glad" || wanted === "sad"));
}

export type QuestionForm = (typeof QUESTION_FORMS)[number];

/** Where a speaker stands on the topic. */
export const STANCES = ["pro", "con", "open"] as const;
export type Stance = (typeof STANCES)[number];
/** One of the two sides of a topic. */
export type Side = Exclude<Stance, "open">;

/** How freely a topic may be talked about: sober ones without jokes, headlines without facts as well. */
export const MODES = ["light", "sober", "news"] as const;
export type Mode = (typeof MODES)[number];

/** Acts that put a view on the table which others can agree with or challenge. */
export const STANCE_ACTS: ReadonlySet<Act> = new Set<Act>(["claim", "answer", "agree", "defend"]);
