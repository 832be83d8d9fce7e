/** Neither package brings types; only what is used of them is declared. */
declare module "vader-sentiment" {
  const vader: {
    SentimentIntensityAnalyzer: {
      /** `compound` runs from -1 to 1. */
      polarity_scores(text: string): { readonly compound: number };
    };
  };
  export default vader;
}

declare module "sentiment" {
  export default class Sentiment {
    /** `score` is the sum of the AFINN values of its words, -5 to 5 each. */
    analyze(text: string): { readonly score: number };
  }
}
