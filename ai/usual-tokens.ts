const BYTES_PER_TOKEN = 4;

/** How many tokens a text usually makes: for choices that may be a little wrong, never for money. */
export const usualTokens = (text: string): number => Buffer.byteLength(text) / BYTES_PER_TOKEN;
