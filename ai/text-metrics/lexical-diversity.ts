/** Where a factor ends: so few of its words are new. */
const THRESHOLD = 0.72;

/** MTLD (McCarthy and Jarvis 2010): mean length of word runs that stay varied; mean of both directions. */
export function measureMtld(tokens: readonly string[]): number {
  return (countFactors(tokens) + countFactors(tokens.toReversed())) / 2;
}

function countFactors(tokens: readonly string[]): number {
  let factors = 0;
  let types = new Set<string>();
  let length = 0;
  for (const token of tokens) {
    types.add(token);
    length++;
    if (types.size / length > THRESHOLD) continue;
    factors++;
    types = new Set();
    length = 0;
  }
  // What is left over counts as far as it came.
  if (length > 0) factors += (1 - types.size / length) / (1 - THRESHOLD);
  return factors === 0 ? tokens.length : tokens.length / factors;
}
