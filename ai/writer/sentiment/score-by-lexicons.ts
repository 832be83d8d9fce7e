import Sentiment from "sentiment";
import vader from "vader-sentiment";

const afinn = new Sentiment();

/** How VADER (Hutto and Gilbert 2014) reads a text, from -1 to 1. Takes twenty times as long as AFINN. */
export function scoreByVader(text: string): number {
  return vader.SentimentIntensityAnalyzer.polarity_scores(text).compound;
}

/** How AFINN (Nielsen 2011) reads a text: the sum of its words' values of -5 to 5. */
export function scoreByAfinn(text: string): number {
  return afinn.analyze(text).score;
}
