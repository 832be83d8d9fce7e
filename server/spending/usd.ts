const NANO_PER_USD = 1_000_000_000;

/** Dollars as they go over the wire; exact to the nano-dollar below a million. */
export const toUsd = (nanoUsd: number): number => nanoUsd / NANO_PER_USD;

export const fromUsd = (usd: number): number => Math.round(usd * NANO_PER_USD);
